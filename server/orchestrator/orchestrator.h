// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/clock.h"
#include "base/result.h"
#include "orchestrator/event_hub.h"
#include "orchestrator/model_routes.h"
#include "orchestrator/orchestrator_settings.h"
#include "orchestrator/runtime.h"
#include "orchestrator/runtime_port.h"
#include "store/audit_log.h"
#include "store/database.h"
#include "wire/api_types.h"

#include <QObject>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace clawloops::orchestrator {

class Reconciler;
struct Request;

// The front of the orchestrator: what users want is written down (desired state and a task), and the reconciler makes it so.
//
// | observed  | start                | stop                    | delete               |
// | creating  | the task under way   | yes, ends the start     | yes                  |
// | running   | done at once         | yes                     | yes                  |
// | paused    | done at once         | yes                     | yes                  |
// | stopped   | yes                  | done at once            | yes                  |
// | error     | yes, forgets crashes | yes                     | yes                  |
// | deleted   | yes, a new one       | RuntimeActionConflict   | done at once         |
//
// RuntimeActionConflict otherwise only while a delete is under way. One thread; callbacks as in store::Database.
class Orchestrator : public QObject {
    Q_OBJECT
public:
    template <class T> using Done = std::function<void(Result<T>)>;

    Orchestrator(store::Database& database, RuntimePort& port, ModelRoutes& routes, EventHub& hub, const Clock& clock,
                 OrchestratorSettings settings, QObject* parent = nullptr);
    ~Orchestrator() override;

    void start(); // once the database is open: adopts what runs, then reconciles for good
    void wake(); // something changed (a user was disabled …): look now

    // Makes the user's runtime when there is none. Answers the runtime with its new task.
    void requestStart(const std::string& userId, const store::Actor& actor, QObject* guard, Done<wire::AdminRuntime> done);
    void requestStop(const std::string& userId, const store::Actor& actor, QObject* guard, Done<wire::AdminRuntime> done);
    void requestDelete(const std::string& userId, bool wipeWorkspace, const store::Actor& actor, QObject* guard,
                       Done<wire::AdminRuntime> done);

    void runtimeOf(const std::string& userId, QObject* guard, Done<wire::AdminRuntime> done); // RuntimeNotFound
    void runtime(const std::string& runtimeId, QObject* guard, Done<wire::AdminRuntime> done); // RuntimeNotFound
    void runtimes(QObject* guard, Done<std::vector<wire::AdminRuntime>> done); // by username
    // NotFound; also for a task that is not the owner's, when an owner is given.
    void task(const std::string& taskId, const std::string& ownerUserId, QObject* guard, Done<wire::Task> done);
    void logs(const std::string& cellId, int lines, QObject* guard, Done<std::vector<std::string>> done);

private:
    void request(const Request& request, QObject* guard, Done<wire::AdminRuntime> done);

    store::Database& m_database;
    RuntimePort& m_port;
    EventHub& m_hub;
    const Clock& m_clock;
    OrchestratorSettings m_settings;
    std::unique_ptr<Reconciler> m_reconciler;
};

} // namespace clawloops::orchestrator
