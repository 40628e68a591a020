// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "api/parts.h"
#include "api/router.h"

// users/me/quota: what is left to the signed-in person.
namespace clawloops::api {

void addMyQuota(Router& router, Parts& parts) {
    // → {items: [Budget], limits: [Limit], held}
    router.add({"GET", "/users/me/quota", Access::SignedIn, Body::None, [&parts](CallPtr call) {
                    parts.governance.budgets.quota(call->caller->user.id, parts.guard,
                                                   answering<wire::Quota>(call, 200, [](const wire::Quota& quota) { return wire::toJson(quota); }));
                }});
}

} // namespace clawloops::api
