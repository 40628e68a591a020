// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>

#include <string>

namespace clawloops::orchestrator {

// "This changed", for the API's event stream: who listens asks for the current object by its id. Owner: the user whose it is
// (runtime, usage), so that users get their own only; empty for the rest.
struct Change {
    enum class Kind { User, Runtime, Route, Component, Usage, Invitation, Hold, Budget };
    Kind kind = Kind::User;
    std::string id; // usr_…, run_…, the route's name, the component's name, inv_…; bud_… (empty: perhaps any); usage, hold: empty
    std::string ownerUserId;
    bool deleted = false;
};

// One for the process. Signals come on its thread, at once. IdentityService's and the supervisor's changes are wired to it by
// main().
class EventHub : public QObject {
    Q_OBJECT
public:
    using QObject::QObject;
    void publish(const Change& change) { Q_EMIT changed(change); }

Q_SIGNALS:
    void changed(const clawloops::orchestrator::Change& change);
};

} // namespace clawloops::orchestrator

Q_DECLARE_METATYPE(clawloops::orchestrator::Change)
