// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "api/parts.h"
#include "api/router.h"

// admin/users…, admin/runtimes: everybody, and what runs for them.
namespace clawloops::api {

namespace {
std::function<void(Result<wire::AdminRuntime>)> answeringRuntime(const Parts& parts, CallPtr call, int status) {
    return answering<wire::AdminRuntime>(call, status, [&parts, host = call->host](const wire::AdminRuntime& runtime) {
        return wire::toJson(withUrl(runtime, parts.addresses, host));
    });
}

// Runs `then` only for a user there is: a runtime of nobody is not to be made.
void withUser(Parts& parts, const CallPtr& call, std::function<void()> then) {
    parts.identity.user(call->parameter(), parts.guard, [call, then = std::move(then)](const Result<identity::User>& user) {
        if (!user)
            return call->fail(user.error());
        then();
    });
}
} // namespace

void addAdminUsers(Router& router, Parts& parts) {
    // → {items: [User]}
    router.add({"GET", "/admin/users", Access::Admin, Body::None, [&parts](CallPtr call) {
                    parts.identity.users(parts.guard, answering<std::vector<identity::User>>(
                                                          call, 200, [](const std::vector<identity::User>& users) {
                                                              std::vector<wire::User> items;
                                                              for (const identity::User& user : users)
                                                                  items.push_back(identity::toWire(user));
                                                              return wire::listToJson(items);
                                                          }));
                }});

    const auto writeUser = [](const identity::User& user) { return wire::toJson(identity::toWire(user)); };
    // → User
    router.add({"GET", "/admin/users/{userId}", Access::Admin, Body::None, [&parts, writeUser](CallPtr call) {
                    parts.identity.user(call->parameter(), parts.guard, answering<identity::User>(call, 200, writeUser));
                }});

    // {status} → User
    router.add({"PATCH", "/admin/users/{userId}/status", Access::Admin, Body::Required, [&parts, writeUser](CallPtr call) {
                    ObjectReader reader(call->body);
                    const auto status = identity::userStatusFromName(reader.text("status"));
                    if (!status)
                        reader.fail("\"status\" must be active or disabled.");
                    if (const Status read = reader.finish(); !read)
                        return call->fail(read.error());
                    parts.identity.setStatus(call->parameter(), *status, call->actor(), parts.guard,
                                             answering<identity::User>(call, 200, writeUser));
                }});

    // → AdminRuntime
    router.add({"GET", "/admin/users/{userId}/runtime", Access::Admin, Body::None, [&parts](CallPtr call) {
                    withUser(parts, call, [&parts, call] {
                        parts.orchestrator.runtimeOf(call->parameter(), parts.guard, answeringRuntime(parts, call, 200));
                    });
                }});
    // → 202 AdminRuntime
    router.add({"POST", "/admin/users/{userId}/runtime/start", Access::Admin, Body::None, [&parts](CallPtr call) {
                    withUser(parts, call, [&parts, call] {
                        parts.orchestrator.requestStart(call->parameter(), call->actor(), parts.guard,
                                                        answeringRuntime(parts, call, 202));
                    });
                }});
    // → 202 AdminRuntime
    router.add({"POST", "/admin/users/{userId}/runtime/stop", Access::Admin, Body::None, [&parts](CallPtr call) {
                    withUser(parts, call, [&parts, call] {
                        parts.orchestrator.requestStop(call->parameter(), call->actor(), parts.guard,
                                                       answeringRuntime(parts, call, 202));
                    });
                }});

    // → {items: [AdminRuntime]}
    router.add({"GET", "/admin/runtimes", Access::Admin, Body::None, [&parts](CallPtr call) {
                    parts.orchestrator.runtimes(
                        parts.guard, answering<std::vector<wire::AdminRuntime>>(
                                         call, 200, [&parts, host = call->host](std::vector<wire::AdminRuntime>& runtimes) {
                                             for (wire::AdminRuntime& runtime : runtimes)
                                                 runtime = withUrl(runtime, parts.addresses, host);
                                             return wire::listToJson(runtimes);
                                         }));
                }});
}

} // namespace clawloops::api
