// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/request_record.h"

#include "base/log.h"
#include "gateway/upstreams.h"

#include <utility>

namespace clawloops::gateway {
namespace {

using model::Ending;

constexpr Log log("gateway");

} // namespace

RequestRecord::RequestRecord(ServiceState& state, const model::Caller& caller, model::Endpoint endpoint, std::string rid, std::string_view traceparent)
    : m_state(state), m_caller(caller), m_endpoint(endpoint), m_rid(std::move(rid)), m_startedAt(state.clock.now()), m_started(state.clock.steadyNow()) {
    if (isTraceParent(traceparent))
        m_traceId = traceparent.substr(3, 32);
}

std::int64_t RequestRecord::millisSince() const {
    return std::chrono::duration_cast<std::chrono::milliseconds>(m_state.clock.steadyNow() - m_started).count();
}

// An upstream that refused or was never reached did no work; one that was left alone with the prompt did some.
model::UsageCounts RequestRecord::countsOf(const AnswerMeter* meter, bool left) const {
    if (meter && upstreamStatus < 300)
        return meter->counts(requestBytes);
    return left ? model::estimateUsage(requestBytes, 0, 0) : model::UsageCounts();
}

Status RequestRecord::begin(const model::Target& asked) {
    const bool cell = m_caller.kind == model::Caller::Kind::Cell;
    const std::int64_t prompt = model::estimateUsage(requestBytes, 0, 0).prompt;
    const auto cost = model::costOf(asked.price, {prompt, 0, 0, 0});
    gateway_verbs::UsageEvent& event = m_event;
    event.requestId = m_rid;
    (cell ? event.cellId : event.keyId) = m_caller.id;
    event.userId = m_caller.user;
    event.route = route;
    event.target = asked.name;
    event.model = asked.model;
    event.endpoint = model::pathOf(m_endpoint);
    event.traceId = m_traceId;
    event.startedAt = toRfc3339(m_startedAt);
    event.outcome = "interrupted";
    event.promptTokens = prompt;
    event.estimated = true;
    event.costNanos = cost.value_or(0);
    event.priced = cost.has_value();
    event.reservedTokens = grant.tokens;
    event.reservedNanos = grant.nanos;
    event.queuedMs = queuedMs;
    if (const Status status = m_state.spool.begin(m_begun, event); !status)
        return status;
    target = &asked;
    return {};
}

void RequestRecord::book(const stream::Exchange& exchange, const AnswerMeter* meter, bool left) {
    if (std::exchange(m_booked, true))
        return;
    const model::UsageCounts counts = countsOf(meter, left);
    const auto cost = model::costOf(target->price, {counts.prompt, counts.cached, counts.completion, counts.reasoning});
    gateway_verbs::UsageEvent& event = m_event;
    event.firstByteMs = firstByteMs;
    event.durationMs = millisSince();
    event.queuedMs = queuedMs;
    event.outcome = model::endingName(ending);
    const bool unanswered = exchange.status() == 0;
    event.status = unanswered && (ending == Ending::ClientGone || ending == Ending::Cut) ? 499 : exchange.status();
    event.bytesOut = static_cast<std::int64_t>(meter ? meter->bytes() : 0);
    event.promptTokens = counts.prompt;
    event.cachedTokens = counts.cached;
    event.completionTokens = counts.completion;
    event.reasoningTokens = counts.reasoning;
    event.estimated = counts.estimated;
    event.costNanos = cost.value_or(0);
    event.priced = cost.has_value();
    event.upstreamId = meter ? meter->upstreamId() : std::string();
    if (ending != Ending::Ok)
        ++m_state.stats.failed;
    log.info("model request", m_rid,
             {{"cell", event.cellId},
              {"key", event.keyId},
              {"path", event.endpoint},
              {"route", event.route},
              {"target", event.target},
              {"model", event.model},
              {"status", event.status},
              {"outcome", event.outcome},
              {"promptTokens", event.promptTokens},
              {"cachedTokens", event.cachedTokens},
              {"completionTokens", event.completionTokens},
              {"reasoningTokens", event.reasoningTokens},
              {"estimated", event.estimated},
              {"costNanos", event.costNanos},
              {"reservedTokens", event.reservedTokens},
              {"firstByteMs", event.firstByteMs},
              {"durationMs", event.durationMs},
              {"bytesOut", event.bytesOut},
              {"upstreamId", event.upstreamId},
              {"upstreamTimings", meter ? meter->timings() : std::string()},
              {"traceparent", exchange.request().fields.get("traceparent").substr(0, 64)}});
    const std::int64_t tokens = counts.prompt + counts.completion;
    const std::int64_t nanos = event.costNanos;
    const std::int64_t seq = m_state.spool.book(std::move(event), m_begun);
    m_state.governor.settle(grant, m_caller.user, route, m_startedAt, seq, tokens, nanos);
    if (m_state.onBooked)
        m_state.onBooked(seq);
}

} // namespace clawloops::gateway
