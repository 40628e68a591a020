// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/clock.h"
#include "base/result.h"
#include "orchestrator/event_hub.h"
#include "orchestrator/model_port.h"
#include "orchestrator/model_routes.h"
#include "store/audit_log.h"
#include "store/database.h"

#include <QObject>
#include <QPointer>

#include <functional>
#include <memory>
#include <utility>

namespace clawloops::governance {

template <class T> using Done = std::function<void(Result<T>)>;

// What the services of this module work with; all of it outlives them and lives on their thread.
struct ServiceParts {
    store::Database& database;
    orchestrator::ModelPort& gateway;
    orchestrator::ModelRoutes& routes;
    orchestrator::EventHub& hub;
    const Clock& clock;
};

// `done` unless `guard` has died; a null guard always.
template <class T> Done<T> guarded(QObject* guard, Done<T> done) {
    return [alive = QPointer<QObject>(guard), wanted = guard != nullptr, done = std::move(done)](Result<T> value) {
        if (alive || !wanted)
            done(std::move(value));
    };
}

// A change that the gateway enforces: carried out in the database, then told to it, and only then answered, so that who reads the
// answer may rely on it. Where the gateway is away nothing is let in at all, and it is told once it is back: the change is answered.
template <class T, class Job> void change(const ServiceParts& parts, QObject* self, Job job, Done<T> reply) {
    parts.database.run(std::move(job), self, [&parts, self, reply = std::move(reply)](Result<T> changed) {
        if (!changed)
            return reply(std::move(changed));
        auto kept = std::make_shared<Result<T>>(std::move(changed));
        parts.routes.configure(self, [kept, reply](const Result<gateway_verbs::ConfigureReply>&) { reply(std::move(*kept)); });
    });
}

} // namespace clawloops::governance
