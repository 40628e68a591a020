// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/answer_meter.h"
#include "gateway/governor.h"
#include "gateway/service_state.h"
#include "model/usage_counts.h"
#include "stream/exchange.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace clawloops::gateway {

// What is known of one model request, until it becomes its usage event, its line of the log and what budgets and limits are told: once.
class RequestRecord {
public:
    RequestRecord(ServiceState& state, const model::Caller& caller, model::Endpoint endpoint, std::string rid, std::string_view traceparent);

    // As they come to be known.
    std::string route;
    const model::Target* target = nullptr; // the last one of begin(); null: none was asked, and nothing is booked
    std::uint64_t requestBytes = 0;
    int upstreamStatus = 0;
    std::int64_t firstByteMs = -1;
    std::int64_t queuedMs = 0;
    model::Ending ending = model::Ending::Cut; // until it ended otherwise
    Governor::Grant grant;

    [[nodiscard]] const std::string& rid() const { return m_rid; }
    [[nodiscard]] std::string_view traceId() const { return m_traceId; }
    [[nodiscard]] WallTime startedAt() const { return m_startedAt; }
    [[nodiscard]] std::int64_t millisSince() const;
    // Before it is sent to this target: from here on it is booked, even when this process ends first.
    [[nodiscard]] Status begin(const model::Target& asked);
    // `meter` null: no answer came. `left`: the client did, or we ended it.
    void book(const stream::Exchange& exchange, const AnswerMeter* meter, bool left);

private:
    [[nodiscard]] model::UsageCounts countsOf(const AnswerMeter* meter, bool left) const;

    ServiceState& m_state;
    const model::Caller& m_caller;
    model::Endpoint m_endpoint;
    std::string m_rid;
    std::string m_traceId; // 32 hex digits, or empty
    WallTime m_startedAt;
    SteadyTime m_started;
    gateway_verbs::UsageEvent m_event; // since begin()
    std::optional<BegunRequests::Place> m_begun;
    bool m_booked = false;
};

} // namespace clawloops::gateway
