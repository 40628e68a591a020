// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "api/component_watch.h"
#include "api/live_view.h"
#include "api/parts.h"
#include "api/router.h"

// admin/home, admin/components, admin/usage: the appliance on one page.
namespace clawloops::api {

namespace {
wire::AdminHome home(const Parts& parts, const Call& call) {
    wire::AdminHome page;
    page.version = parts.version;
    page.startedAt = toRfc3339(parts.startedAt);
    page.portalUrl = parts.addresses.portalOrigin(call.host) + "/";
    page.workspaceUrl = parts.addresses.workspaceOrigin(call.host) + "/";
    for (const auto& [id, user] : parts.live.users()) {
        ++page.users;
        page.disabledUsers += user.isDisabled ? 1 : 0;
    }
    for (const auto& [id, invitation] : parts.live.invitations())
        page.pendingInvitations += invitation.status == "pending" ? 1 : 0;
    for (const auto& [id, runtime] : parts.live.runtimes()) {
        const std::string& state = runtime.status.binding.observedState;
        page.runtimes += state == "deleted" ? 0 : 1;
        page.runningRuntimes += state == "running" ? 1 : 0;
        page.failedRuntimes += state == "error" ? 1 : 0;
    }
    page.routes = static_cast<std::int64_t>(parts.routes.routes().size());
    page.components = parts.components.components();
    return page;
}
} // namespace

void addAdminHealth(Router& router, Parts& parts) {
    // → AdminHome
    router.add({"GET", "/admin/home", Access::Admin, Body::None,
                [&parts](CallPtr call) { call->answer(200, wire::toJson(home(parts, *call))); }});

    // → {items: [Component]}
    router.add({"GET", "/admin/components", Access::Admin, Body::None,
                [&parts](CallPtr call) { call->answer(200, wire::listToJson(parts.components.components())); }});

    // → UsageSummary of this month, everybody's
    router.add({"GET", "/admin/usage/summary", Access::Admin, Body::None, [&parts](CallPtr call) {
                    parts.usage.of({}, parts.guard,
                                   answering<wire::UsageSummary>(
                                       call, 200, [](const wire::UsageSummary& summary) { return wire::toJson(summary); }));
                }});
}

} // namespace clawloops::api
