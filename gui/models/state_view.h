// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "wire/api_types.h"

#include <QDateTime>
#include <QMetaType>
#include <QString>

namespace clawloops::gui {

// The states a person sees, each with one word, one shape and one colour everywhere (widgets/state_painter.h paints them).
enum class StateKind { Running, Starting, Paused, Stopped, Waiting, Attention, Error, Unknown, Frozen };
inline constexpr int stateKindCount = static_cast<int>(StateKind::Frozen) + 1;

struct StateView {
    StateKind kind = StateKind::Unknown;
    QString word; // "running"
    QString sentence; // why, where there is something to say
    QDateTime since; // invalid where it is not known
    bool operator==(const StateView&) const = default;
};

// | observed | desired, ready        | shown                |
// | creating | any                   | starting             |
// | running  | running, ready        | running              |
// | running  | running, not ready    | starting             |
// | any alive| stopped, deleted      | stopping             |
// | paused   | running               | paused               |
// | stopped  | running               | waiting              |
// | stopped  | stopped               | stopped              |
// | error    | any                   | error                |
// | other    | any                   | unknown              |
[[nodiscard]] StateView describe(const wire::AdminRuntime& runtime);
[[nodiscard]] StateView describe(const wire::User& user);
[[nodiscard]] StateView describe(const wire::Invitation& invitation);
[[nodiscard]] StateView describe(const wire::Route& route);
[[nodiscard]] StateView describe(const wire::Component& component);

[[nodiscard]] bool wantsAttention(StateKind kind);
[[nodiscard]] int severity(StateKind kind); // for sorting: the worst first

// Words for figures, the same in tables, inspector and command line.
[[nodiscard]] QDateTime timeFromWire(const std::string& rfc3339); // local time; invalid where empty or damaged
[[nodiscard]] QString spanText(qint64 seconds); // "6 s", "20 min", "2 h", "3 d"
[[nodiscard]] QString sinceText(const QDateTime& since, const QDateTime& now = QDateTime::currentDateTime());
[[nodiscard]] QString bytesText(qint64 bytes); // "1.2 GiB"
[[nodiscard]] QString countText(qint64 count); // "812", "41 k", "3.1 M"
[[nodiscard]] QString unbroken(const QString& sentence); // a figure and its unit stay on one line
[[nodiscard]] QString momentText(const QDateTime& moment); // absolute, for tooltips: "2026-11-22 14:02:31"
[[nodiscard]] inline QString fromWire(const std::string& text) { return QString::fromStdString(text); }

} // namespace clawloops::gui

Q_DECLARE_METATYPE(clawloops::gui::StateView)
