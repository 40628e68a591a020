// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/json_skimmer.h"
#include "gateway/sse_scanner.h"
#include "model/dialect.h"
#include "model/usage_counts.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace clawloops::gateway {

// Watches an answer go by: the usage that the upstream reports, its id and timings, and whether a streamed answer reached the
// event that ends it. Changes nothing and keeps nothing of the answer. Usage comes from the last report: OpenAI's `usage`
// (the usage-only chunk included), `response.usage` of /v1/responses, and message_start plus message_delta of /v1/messages. A count
// that no model can have (below 0, above 1,000,000,000) was not reported.
class AnswerMeter {
public:
    AnswerMeter(model::Endpoint endpoint, bool eventStream);
    AnswerMeter(const AnswerMeter&) = delete;
    AnswerMeter& operator=(const AnswerMeter&) = delete;

    void push(std::string_view bytes);
    void finish(); // at the end of the body, however it ended

    // Event streams: [DONE], message_stop or response.completed / .incomplete / .failed came. Always true for one JSON value.
    [[nodiscard]] bool ended() const { return !m_eventStream || m_ended; }
    // One JSON value: its last bracket came. For answers whose end is marked by nothing but the connection's.
    [[nodiscard]] bool wholeJson() const { return m_skimmer.whole(); }
    [[nodiscard]] bool sawError() const { return m_sawError; } // an error event, or an error object as the answer
    [[nodiscard]] model::UsageCounts counts(std::uint64_t requestBytes) const;
    // Both in printable ASCII, else empty: what goes into the spool and the log.
    [[nodiscard]] const std::string& upstreamId() const { return m_upstreamId; } // 200 characters at most
    [[nodiscard]] const std::string& timings() const { return m_timings; } // llama.cpp's own, as JSON text
    [[nodiscard]] std::uint64_t bytes() const { return m_bytes; }
    // All of it came, by its own mark: what a client that leaves from then on has not missed.
    [[nodiscard]] bool whole() const { return m_eventStream ? m_ended : m_skimmer.whole(); }

    void data(std::string_view piece); // of SseScanner
    void eventEnd();

private:
    void takeSlots();
    void takeUsage(std::string_view text);
    [[nodiscard]] model::UsageCounts parted(model::UsageCounts counts) const;

    model::Endpoint m_endpoint;
    bool m_eventStream;
    SseScanner<AnswerMeter> m_scanner;
    JsonSkimmer m_skimmer;
    std::string m_start; // of the event's data, as far as "[DONE]" needs
    std::optional<std::int64_t> m_prompt;
    std::optional<std::int64_t> m_completion;
    std::int64_t m_cached = 0;
    std::int64_t m_reasoning = 0;
    std::string m_upstreamId;
    std::string m_timings;
    std::uint64_t m_events = 0;
    std::uint64_t m_bytes = 0;
    bool m_ended = false;
    bool m_sawError = false;
};

} // namespace clawloops::gateway
