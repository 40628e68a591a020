// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "api/parts.h"
#include "api/router.h"
#include "api/trace_builder.h"

#include <algorithm>

// admin/trace/{requestId}
namespace clawloops::api {

namespace {
bool isRequestId(const std::string& text) {
    return text.size() == 24 && text.starts_with("req_") && std::all_of(text.begin() + 4, text.end(), [](char c) {
               return (c >= 'a' && c <= 'z') || (c >= '2' && c <= '7');
           });
}
} // namespace

void addTrace(Router& router, Parts& parts) {
    // → {requestId, hops: [{at, component, message, requestId, joined, line}], note|null}
    router.add({"GET", "/admin/trace/{requestId}", Access::Admin, Body::None, [&parts](CallPtr call) {
                    if (!isRequestId(call->parameter()))
                        return call->fail({ErrorCode::InvalidRequest, "A request id looks like req_ and 20 letters or digits.", {}});
                    std::make_shared<TraceBuilder>(
                        parts.supervisor, parts.database, parts.clock, parts.guard,
                        answering<wire::Trace>(call, 200, [](const wire::Trace& trace) { return wire::toJson(trace); }))
                        ->start(call->parameter());
                }});
}

} // namespace clawloops::api
