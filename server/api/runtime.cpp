// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "api/parts.h"
#include "api/router.h"
#include "base/pace.h"

// users/me/runtime…, runtime/tasks, workspace-entry: a person's own runtime, and the way into it.
namespace clawloops::api {

namespace {
using Done = std::function<void(Result<wire::AdminRuntime>)>;

Done answeringStatus(const Parts& parts, CallPtr call, int status) {
    return answering<wire::AdminRuntime>(call, status, [&parts, host = call->host](const wire::AdminRuntime& runtime) {
        return wire::toJson(withUrl(runtime, parts.addresses, host).status);
    });
}

wire::WorkspaceEntry entryOf(const Parts& parts, const Call& call, const Result<wire::AdminRuntime>& found) {
    wire::WorkspaceEntry entry;
    if (!found) {
        entry.reason = "There is no runtime yet. Open the workspace from the portal.";
        return entry;
    }
    entry.ready = found->status.ready;
    entry.reason = found->status.reason;
    if (entry.ready)
        entry.browserUrl = parts.addresses.workspaceUrl(call.host, call.caller->user.username);
    return entry;
}

// Each start, stop and removal is a task and a line of the journal, which stay: thirty at once, then ten a minute.
using TaskPace = std::shared_ptr<Pace>;
bool isTooFast(const TaskPace& pace, const Parts& parts, const CallPtr& call) {
    if (pace->take(call->caller->user.id, parts.clock.steadyNow()))
        return false;
    call->fail({ErrorCode::RateLimited, "Your workspace was started and stopped too often in a short time. Try again in a minute.", {}});
    return true;
}

bool isTrouble(const Result<wire::AdminRuntime>& found) { return !found && found.error().code != ErrorCode::RuntimeNotFound; }
} // namespace

wire::AdminRuntime withUrl(wire::AdminRuntime runtime, const Addresses& addresses, std::string_view host) {
    if (runtime.status.binding.observedState == "deleted")
        runtime.status.binding.browserUrl.reset();
    else
        runtime.status.binding.browserUrl = addresses.workspaceUrl(host, runtime.username);
    return runtime;
}

void addRuntime(Router& router, Parts& parts) {
    const auto pace = std::make_shared<Pace>(std::chrono::seconds(6), 30);
    // → RuntimeBinding
    router.add({"GET", "/users/me/runtime", Access::SignedIn, Body::None, [&parts](CallPtr call) {
                    parts.orchestrator.runtimeOf(
                        call->caller->user.id, parts.guard,
                        answering<wire::AdminRuntime>(call, 200, [&parts, host = call->host](const wire::AdminRuntime& runtime) {
                            return wire::toJson(withUrl(runtime, parts.addresses, host).status.binding);
                        }));
                }});

    // → RuntimeStatus
    router.add({"GET", "/users/me/runtime/status", Access::SignedIn, Body::None, [&parts](CallPtr call) {
                    parts.orchestrator.runtimeOf(call->caller->user.id, parts.guard, answeringStatus(parts, call, 200));
                }});

    // → 202 RuntimeStatus
    router.add({"POST", "/users/me/runtime/start", Access::SignedIn, Body::None, [&parts, pace](CallPtr call) {
                    if (isTooFast(pace, parts, call))
                        return;
                    parts.orchestrator.requestStart(call->caller->user.id, call->actor(), parts.guard,
                                                    answeringStatus(parts, call, 202));
                }});

    // → 202 RuntimeStatus
    router.add({"POST", "/users/me/runtime/stop", Access::SignedIn, Body::None, [&parts, pace](CallPtr call) {
                    if (isTooFast(pace, parts, call))
                        return;
                    parts.orchestrator.requestStop(call->caller->user.id, call->actor(), parts.guard,
                                                   answeringStatus(parts, call, 202));
                }});

    // {retentionPolicy = "preserve_workspace"} → 202 RuntimeStatus
    router.add({"POST", "/users/me/runtime/delete", Access::SignedIn, Body::Optional, [&parts, pace](CallPtr call) {
                    ObjectReader reader(call->body);
                    const std::string policy = reader.textOr("retentionPolicy", "preserve_workspace");
                    if (policy != "preserve_workspace" && policy != "wipe_workspace")
                        reader.fail("\"retentionPolicy\" must be preserve_workspace or wipe_workspace.");
                    if (const Status read = reader.finish(); !read)
                        return call->fail(read.error());
                    if (isTooFast(pace, parts, call))
                        return;
                    parts.orchestrator.requestDelete(call->caller->user.id, policy == "wipe_workspace", call->actor(), parts.guard,
                                                     answeringStatus(parts, call, 202));
                }});

    // → Task; an admin may read anybody's
    router.add({"GET", "/runtime/tasks/{taskId}", Access::SignedIn, Body::None, [&parts](CallPtr call) {
                    const identity::User& user = call->caller->user;
                    parts.orchestrator.task(call->parameter(), user.isAdmin() ? std::string() : user.id, parts.guard,
                                            answering<wire::Task>(call, 200, [](const wire::Task& task) { return wire::toJson(task); }));
                }});

    // → {ready, browserUrl|null, reason}
    router.add({"GET", "/workspace-entry", Access::SignedIn, Body::None, [&parts](CallPtr call) {
                    parts.orchestrator.runtimeOf(call->caller->user.id, parts.guard,
                                                 [&parts, call](const Result<wire::AdminRuntime>& found) {
                                                     if (isTrouble(found))
                                                         return call->fail(found.error());
                                                     call->answer(200, wire::toJson(entryOf(parts, *call, found)));
                                                 });
                }});

    // → 303
    router.add({"GET", "/workspace-entry/redirect", Access::SignedIn, Body::None, [&parts](CallPtr call) {
                    parts.orchestrator.runtimeOf(
                        call->caller->user.id, parts.guard, [&parts, call](const Result<wire::AdminRuntime>& found) {
                            if (isTrouble(found))
                                return call->fail(found.error());
                            const auto entry = entryOf(parts, *call, found);
                            call->answer(HttpResponse::redirect(entry.browserUrl.value_or(call->origin + "/#workspace")));
                        });
                }});
}

} // namespace clawloops::api
