// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "api/parts.h"
#include "api/router.h"

// admin/limits, admin/brake: how much at once.
namespace clawloops::api {

namespace {
json::object write(const governance::Limits::List& limits) {
    json::array items;
    for (const gateway_verbs::Limit& limit : limits)
        items.push_back(gateway_verbs::toJson(limit));
    return {{"items", std::move(items)}};
}
json::object writeBrake(const gateway_verbs::Brake& brake) { return gateway_verbs::toJson(brake); }

governance::Limits::List readLimits(ObjectReader& reader) {
    governance::Limits::List limits;
    for (const json::value& item : reader.array("items")) {
        if (!item.is_object()) {
            reader.fail("\"items\" must be a list of limits.");
            break;
        }
        auto limit = gateway_verbs::limitFromJson(item.get_object());
        if (limit)
            limits.push_back(std::move(*limit));
        else
            reader.fail(limit.error().message);
    }
    return limits;
}
} // namespace

void addAdminLimits(Router& router, Parts& parts) {
    // → {items: [{scope, subject, requestsPerMinute, tokensPerMinute, streams}]}
    router.add({"GET", "/admin/limits", Access::Admin, Body::None,
                [&parts](CallPtr call) { parts.governance.limits.list(parts.guard, answering<governance::Limits::List>(call, 200, write)); }});
    // {items} → {items}: all of them
    router.add({"PUT", "/admin/limits", Access::Admin, Body::Required, [&parts](CallPtr call) {
                    ObjectReader reader(call->body);
                    const governance::Limits::List limits = readLimits(reader);
                    if (const Status read = reader.finish(); !read)
                        return call->fail(read.error());
                    parts.governance.limits.replace(limits, call->actor(), parts.guard, answering<governance::Limits::List>(call, 200, write));
                }});

    // → {identicalRequests, identicalWithinSeconds, identicalToolCalls, requestsPerTenMinutes, spendTimesUsual, spendFloorNanos}
    router.add({"GET", "/admin/brake", Access::Admin, Body::None,
                [&parts](CallPtr call) { parts.governance.limits.brake(parts.guard, answering<gateway_verbs::Brake>(call, 200, writeBrake)); }});
    // the same → the same; what is left out is as it is at first
    router.add({"PUT", "/admin/brake", Access::Admin, Body::Required, [&parts](CallPtr call) {
                    const auto brake = gateway_verbs::brakeFromJson(call->body);
                    if (!brake)
                        return call->fail(brake.error());
                    parts.governance.limits.setBrake(*brake, call->actor(), parts.guard, answering<gateway_verbs::Brake>(call, 200, writeBrake));
                }});
}

} // namespace clawloops::api
