// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDateTime>
#include <QString>

namespace clawloops::gui {

// How this program stands with the appliance; every page shows it the same way.
struct Contact {
    enum class Phase { Loading, Live, Stale, Refused };
    enum class Silent { Nobody, Entry, ControlPlane }; // who does not answer, as far as can be seen from here

    Phase phase = Phase::Loading;
    Silent silent = Silent::Nobody;
    QDateTime since; // of the phase; while stale: the last contact
    QString server; // "workstation.lan:8443"
    QString title; // while refused: by whom or what, in two words
    QString sentence; // why it is not live
    QString requestId;
    bool operator==(const Contact&) const = default;
};

} // namespace clawloops::gui
