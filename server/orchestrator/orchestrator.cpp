// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "orchestrator/orchestrator.h"

#include "orchestrator/reconciler.h"
#include "orchestrator/runtime_records.h"

namespace clawloops::orchestrator {

namespace {

Result<wire::AdminRuntime> one(store::Transaction& tx, std::string_view condition, const std::string& value) {
    auto found = loadRuntimes(tx, condition, {value});
    if (!found)
        return found.error();
    if (found->empty())
        return Error{ErrorCode::RuntimeNotFound, "There is no workspace yet. Start it first.", {}};
    return toWire(found->front());
}

} // namespace

Orchestrator::Orchestrator(store::Database& database, RuntimePort& port, ModelRoutes& routes, EventHub& hub, const Clock& clock,
                           OrchestratorSettings settings, QObject* parent)
    : QObject(parent), m_database(database), m_port(port), m_hub(hub), m_clock(clock), m_settings(std::move(settings)),
      m_reconciler(std::make_unique<Reconciler>(StartOperation::Parts{database, port, routes, clock, m_settings}, hub, nullptr)) {}

Orchestrator::~Orchestrator() = default;

void Orchestrator::start() { m_reconciler->start(); }
void Orchestrator::wake() { m_reconciler->wake(); }

void Orchestrator::requestStart(const std::string& userId, const store::Actor& actor, QObject* guard, Done<wire::AdminRuntime> done) {
    request({userId, DesiredState::Running, false, m_settings.image, actor, m_clock.now()}, guard, std::move(done));
}

void Orchestrator::requestStop(const std::string& userId, const store::Actor& actor, QObject* guard, Done<wire::AdminRuntime> done) {
    request({userId, DesiredState::Stopped, false, m_settings.image, actor, m_clock.now()}, guard, std::move(done));
}

void Orchestrator::requestDelete(const std::string& userId, bool wipeWorkspace, const store::Actor& actor, QObject* guard,
                                 Done<wire::AdminRuntime> done) {
    request({userId, DesiredState::Deleted, wipeWorkspace, m_settings.image, actor, m_clock.now()}, guard, std::move(done));
}

void Orchestrator::request(const Request& request, QObject* guard, Done<wire::AdminRuntime> done) {
    m_database.run([request](store::Transaction& tx) { return writeRequest(tx, request); }, this,
                   [this, guard = QPointer<QObject>(guard), done = std::move(done)](const Result<Runtime>& runtime) {
                       if (runtime) {
                           m_reconciler->forget(runtime->id);
                           m_reconciler->wake();
                           m_hub.publish({Change::Kind::Runtime, runtime->id, runtime->userId, false});
                       }
                       if (!guard)
                           return;
                       if (runtime)
                           done(toWire(*runtime));
                       else
                           done(runtime.error());
                   });
}

void Orchestrator::runtimeOf(const std::string& userId, QObject* guard, Done<wire::AdminRuntime> done) {
    m_database.run([userId](store::Transaction& tx) { return one(tx, "r.user_id = $1", userId); }, guard, std::move(done));
}

void Orchestrator::runtime(const std::string& runtimeId, QObject* guard, Done<wire::AdminRuntime> done) {
    m_database.run([runtimeId](store::Transaction& tx) { return one(tx, "r.id = $1", runtimeId); }, guard, std::move(done));
}

void Orchestrator::runtimes(QObject* guard, Done<std::vector<wire::AdminRuntime>> done) {
    m_database.run(
        [](store::Transaction& tx) -> Result<std::vector<wire::AdminRuntime>> {
            auto found = loadRuntimes(tx, {}, {});
            if (!found)
                return found.error();
            std::vector<wire::AdminRuntime> list;
            for (const Runtime& runtime : *found)
                list.push_back(toWire(runtime));
            return list;
        },
        guard, std::move(done));
}

void Orchestrator::task(const std::string& taskId, const std::string& ownerUserId, QObject* guard, Done<wire::Task> done) {
    m_database.run([taskId, ownerUserId](store::Transaction& tx) { return loadTask(tx, taskId, ownerUserId); }, guard, std::move(done));
}

void Orchestrator::logs(const std::string& cellId, int lines, QObject* guard, Done<std::vector<std::string>> done) {
    m_port.logs(cellId, lines, [guard = QPointer<QObject>(guard), done = std::move(done)](Result<std::vector<std::string>> answer) {
        if (guard)
            done(std::move(answer));
    });
}

} // namespace clawloops::orchestrator
