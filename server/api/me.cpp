// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "api/parts.h"
#include "api/router.h"

// users/me, models, usage/summary: the signed-in person's own.
namespace clawloops::api {

void addMe(Router& router, Parts& parts) {
    // → User
    router.add({"GET", "/users/me", Access::SignedIn, Body::None,
                [](CallPtr call) { call->answer(200, wire::toJson(identity::toWire(call->caller->user))); }});

    // → {items: [{modelId, title, available}]}
    router.add({"GET", "/models", Access::SignedIn, Body::None, [&parts](CallPtr call) {
                    std::vector<wire::Model> models;
                    const identity::User& user = call->caller->user;
                    for (const wire::Route& route : parts.routes.routes())
                        if (route.enabled && orchestrator::isOpenTo(route, user.id, identity::toWire(user).role))
                            models.push_back({route.modelId, route.title, !route.targets.empty()});
                    call->answer(200, wire::listToJson(models));
                }});

    // → UsageSummary of this month, the caller's own
    router.add({"GET", "/usage/summary", Access::SignedIn, Body::None, [&parts](CallPtr call) {
                    parts.usage.of(call->caller->user.id, parts.guard,
                                   answering<wire::UsageSummary>(
                                       call, 200, [](const wire::UsageSummary& summary) { return wire::toJson(summary); }));
                }});
}

} // namespace clawloops::api
