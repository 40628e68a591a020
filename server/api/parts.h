// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "api/call.h"
#include "base/clock.h"
#include "edge/addresses.h"
#include "governance/governance.h"
#include "governance/usage_summaries.h"
#include "identity/identity_service.h"
#include "link/control_client.h"
#include "orchestrator/credentials.h"
#include "orchestrator/model_routes.h"
#include "orchestrator/orchestrator.h"
#include "store/database.h"

#include <functional>
#include <string>

namespace clawloops::api {

class ComponentWatch;
class LiveView;
class Router;

// What the controllers work with; all of it lives on the event loop's thread and outlives them.
struct Parts {
    identity::IdentityService& identity;
    identity::SessionIndex& sessions;
    orchestrator::Orchestrator& orchestrator;
    orchestrator::ModelRoutes& routes;
    orchestrator::Credentials& credentials;
    governance::Governance& governance;
    governance::UsageSummaries& usage;
    store::Database& database;
    ControlClient& supervisor;
    ComponentWatch& components;
    LiveView& live;
    const Clock& clock;
    const Addresses& addresses;
    std::string version;
    WallTime startedAt;
    QObject* guard; // dies with the API: callbacks that come later are dropped
};

// Answers a call with what a service said: `write` makes JSON of the value.
template <class T, class Write> std::function<void(Result<T>)> answering(CallPtr call, int status, Write write) {
    return [call = std::move(call), status, write = std::move(write)](Result<T> result) {
        if (!result)
            return call->fail(result.error());
        call->answer(status, write(*result));
    };
}

// The runtime as this caller's browser would open it.
[[nodiscard]] wire::AdminRuntime withUrl(wire::AdminRuntime runtime, const Addresses& addresses, std::string_view host);

// One function a resource; each adds its operations, headed by their JSON keys.
void addAuth(Router& router, Parts& parts);
void addPublicInvitations(Router& router, Parts& parts);
void addMe(Router& router, Parts& parts);
void addRuntime(Router& router, Parts& parts);
void addAdminUsers(Router& router, Parts& parts);
void addAdminInvitations(Router& router, Parts& parts);
void addAdminGroups(Router& router, Parts& parts);
void addAdminHolds(Router& router, Parts& parts);
void addAdminBudgets(Router& router, Parts& parts);
void addAdminLimits(Router& router, Parts& parts);
void addKeys(Router& router, Parts& parts);
void addQueue(Router& router, Parts& parts);
void addMetrics(Router& router, Parts& parts);
void addMyQuota(Router& router, Parts& parts);
void addAdminUsage(Router& router, Parts& parts);
void addAdminModels(Router& router, Parts& parts);
void addAdminCredentials(Router& router, Parts& parts);
void addAdminHealth(Router& router, Parts& parts);
void addTrace(Router& router, Parts& parts);

} // namespace clawloops::api
