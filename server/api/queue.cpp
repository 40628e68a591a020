// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "api/live_view.h"
#include "api/parts.h"
#include "api/query.h"
#include "api/router.h"

#include <charconv>

// admin/queue…, admin/targets, admin/refusals, users/me/queue, users/me/refusals: how things stand at the gateway.
namespace clawloops::api {

namespace {
using Queue = governance::GatewayWatch::Queue;
using Refusals = std::vector<gateway_verbs::Refusal>;

// `owner` empty: everybody's.
template <class T> json::object named(const Parts& parts, const std::vector<T>& all, const std::string& owner) {
    json::array items;
    for (const T& each : all)
        if (owner.empty() || each.user == owner)
            items.push_back(parts.live.withUsername(gateway_verbs::toJson(each)));
    return {{"items", std::move(items)}};
}

std::function<void(Result<Queue>)> answeringQueue(const Parts& parts, CallPtr call, const std::string& owner) {
    return answering<Queue>(std::move(call), 200, [&parts, owner](const Queue& queue) { return named(parts, queue, owner); });
}

// ?userId&limit; what a person asks about themselves has no userId.
void answerRefusals(Parts& parts, const CallPtr& call, const std::string& owner) {
    QueryReader reader(call->request.query);
    const std::string userId = owner.empty() ? reader.textOr("userId", "") : owner;
    const std::string words = reader.textOr("limit", "200");
    if (const Status read = reader.finish(); !read)
        return call->fail(read.error());
    int limit = 0;
    const auto [end, problem] = std::from_chars(words.data(), words.data() + words.size(), limit);
    if (problem != std::errc() || end != words.data() + words.size() || limit < 1 || limit > 1000)
        return call->fail({ErrorCode::InvalidRequest, "\"limit\" in the address is a number from 1 to 1000.", {}});
    parts.governance.watch.refusals(userId, limit, parts.guard,
                                    answering<Refusals>(call, 200, [&parts, owner](const Refusals& all) { return named(parts, all, owner); }));
}
} // namespace

void addQueue(Router& router, Parts& parts) {
    // → {items: [QueueEntry]}
    router.add({"GET", "/admin/queue", Access::Admin, Body::None,
                [&parts](CallPtr call) { parts.governance.watch.queue(parts.guard, answeringQueue(parts, call, {})); }});
    // → {items}: to the front
    router.add({"POST", "/admin/queue/{ticket}/move", Access::Admin, Body::None, [&parts](CallPtr call) {
                    parts.governance.watch.move(call->parameter(), call->actor(), parts.guard, answeringQueue(parts, call, {}));
                }});
    // → {items}: its person is told that an admin dropped it
    router.add({"POST", "/admin/queue/{ticket}/drop", Access::Admin, Body::None, [&parts](CallPtr call) {
                    parts.governance.watch.drop(call->parameter(), call->actor(), parts.guard, answeringQueue(parts, call, {}));
                }});
    // → {items: [QueueEntry]}: the caller's own
    router.add({"GET", "/users/me/queue", Access::SignedIn, Body::None, [&parts](CallPtr call) {
                    parts.governance.watch.queue(parts.guard, answeringQueue(parts, call, call->caller->user.id));
                }});

    // → {items: [TargetState]}
    router.add({"GET", "/admin/targets", Access::Admin, Body::None, [&parts](CallPtr call) {
                    using Targets = std::vector<gateway_verbs::TargetState>;
                    parts.governance.watch.targets(parts.guard, answering<Targets>(call, 200, [](const Targets& targets) {
                                                       json::array items;
                                                       for (const gateway_verbs::TargetState& target : targets)
                                                           items.push_back(gateway_verbs::toJson(target));
                                                       return json::object{{"items", std::move(items)}};
                                                   }));
                }});

    // ?userId&limit=200 → {items: [Refusal]}, newest first
    router.add({"GET", "/admin/refusals", Access::Admin, Body::None, [&parts](CallPtr call) { answerRefusals(parts, call, {}); }});
    // ?limit=200 → {items: [Refusal]}: the caller's own
    router.add({"GET", "/users/me/refusals", Access::SignedIn, Body::None,
                [&parts](CallPtr call) { answerRefusals(parts, call, call->caller->user.id); }});
}

} // namespace clawloops::api
