// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/state_view.h"

#include <QScrollArea>
#include <QTimer>

class QVBoxLayout;

namespace clawloops::gui {

// What the inspector shows of the selected thing: a value, so that pages and tests can speak of it without widgets.
struct InspectorContent {
    struct Fact {
        QString name;
        QString value;
        bool operator==(const Fact&) const = default;
    };
    struct Step {
        StateKind kind = StateKind::Waiting;
        bool done = false; // then a tick instead of the kind's shape
        QString title;
        QString detail; // "4 s", or why it failed
        bool operator==(const Step&) const = default;
    };
    QString title; // empty: nothing is selected
    QString kind; // "Person", "Runtime", …
    StateView state;
    QList<Fact> facts;
    QString stepsTitle;
    QList<Step> steps;
    bool operator==(const InspectorContent&) const = default;
};

[[nodiscard]] QList<InspectorContent::Step> stepsOf(const wire::Task& task, const QDateTime& now = QDateTime::currentDateTime());

class Inspector : public QScrollArea {
    Q_OBJECT
public:
    explicit Inspector(QWidget* parent = nullptr);
    void set(const InspectorContent& content);
    [[nodiscard]] const InspectorContent& content() const { return m_content; }
    [[nodiscard]] QSize sizeHint() const override { return {304, 400}; }

private:
    void rebuild();
    InspectorContent m_content;
    QWidget* m_body = nullptr;
};

} // namespace clawloops::gui
