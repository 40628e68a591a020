// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/answer_meter.h"

#include <algorithm>
#include <simdjson.h>

namespace clawloops::gateway {
namespace {

using model::Endpoint;
using Slot = JsonSkimmer::Slot;

bool endsStream(Endpoint endpoint, std::string_view type) {
    if (endpoint == Endpoint::Messages)
        return type == "message_stop";
    if (endpoint == Endpoint::Responses)
        return type == "response.completed" || type == "response.incomplete" || type == "response.failed";
    return false; // the others end with [DONE]
}

// What an upstream wrote goes into the spool and the log as it is, and one byte that is no text would make the whole line unreadable.
bool isPlain(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) { return c >= 0x20 && c < 0x7f; });
}

constexpr std::int64_t mostTokens = 1'000'000'000; // of one answer: no model takes as many, and sums of them stay far from overflow

std::optional<std::int64_t> count(const simdjson::dom::object& usage, std::string_view name) {
    std::int64_t number = 0;
    if (usage[name].get(number) != simdjson::SUCCESS || number < 0 || number > mostTokens)
        return std::nullopt;
    return number;
}

// The vendors say it as a part of the count before it: usage.prompt_tokens_details.cached_tokens.
std::int64_t part(const simdjson::dom::object& usage, std::string_view details, std::string_view name) {
    simdjson::dom::object parts;
    return usage[details].get(parts) == simdjson::SUCCESS ? count(parts, name).value_or(0) : 0;
}

} // namespace

AnswerMeter::AnswerMeter(Endpoint endpoint, bool eventStream)
    : m_endpoint(endpoint), m_eventStream(eventStream), m_scanner(*this) {}

void AnswerMeter::push(std::string_view bytes) {
    m_bytes += bytes.size();
    if (m_eventStream)
        m_scanner.push(bytes);
    else
        m_skimmer.push(bytes);
}

void AnswerMeter::finish() {
    if (!m_eventStream)
        takeSlots();
}

void AnswerMeter::data(std::string_view piece) {
    if (m_start.size() < 8)
        m_start.append(piece.substr(0, 8));
    m_skimmer.push(piece);
}

void AnswerMeter::eventEnd() {
    if (m_start == "[DONE]")
        m_ended = m_endpoint != Endpoint::Messages && m_endpoint != Endpoint::Responses ? true : m_ended;
    else {
        ++m_events;
        takeSlots();
    }
    m_start.clear();
    m_skimmer.reset();
}

void AnswerMeter::takeSlots() {
    const std::string_view error = m_skimmer.text(Slot::Error);
    const std::string type = m_skimmer.unquoted(Slot::Type);
    m_sawError = m_sawError || (!error.empty() && error != "null") || type == "error" || type == "response.failed";
    if (endsStream(m_endpoint, type))
        m_ended = true;
    for (const Slot slot : {Slot::Id, Slot::ResponseId, Slot::MessageId}) {
        std::string id = m_skimmer.unquoted(slot);
        if (m_upstreamId.empty() && !id.empty() && id.size() <= 200 && isPlain(id))
            m_upstreamId = std::move(id);
    }
    if (const std::string_view timings = m_skimmer.text(Slot::Timings); !timings.empty() && timings != "null" && isPlain(timings))
        m_timings = timings;
    for (const Slot slot : {Slot::Usage, Slot::ResponseUsage, Slot::MessageUsage})
        takeUsage(m_skimmer.text(slot));
}

void AnswerMeter::takeUsage(std::string_view text) {
    if (text.empty() || text == "null")
        return;
    thread_local simdjson::dom::parser parser; // its memory is made once, for texts of 8 KiB at most
    simdjson::dom::object usage;
    if (parser.parse(text.data(), text.size(), true).get(usage) != simdjson::SUCCESS)
        return;
    auto prompt = count(usage, "prompt_tokens");
    if (!prompt) {
        prompt = count(usage, "input_tokens");
        if (prompt && m_endpoint == Endpoint::Messages) { // Anthropic leaves cached tokens out of input_tokens
            *prompt += count(usage, "cache_creation_input_tokens").value_or(0);
            const std::int64_t cached = count(usage, "cache_read_input_tokens").value_or(0);
            *prompt += cached;
            m_cached = cached;
        }
    }
    auto completion = count(usage, "completion_tokens");
    if (!completion)
        completion = count(usage, "output_tokens");
    for (const std::string_view details : {"prompt_tokens_details", "input_tokens_details"})
        m_cached = std::max(m_cached, part(usage, details, "cached_tokens"));
    for (const std::string_view details : {"completion_tokens_details", "output_tokens_details"})
        m_reasoning = std::max(m_reasoning, part(usage, details, "reasoning_tokens"));
    if (prompt)
        m_prompt = prompt;
    if (completion)
        m_completion = completion;
}

// A part is never more than its whole, whatever an upstream says.
model::UsageCounts AnswerMeter::parted(model::UsageCounts counts) const {
    counts.cached = std::min(m_cached, counts.prompt);
    counts.reasoning = std::min(m_reasoning, counts.completion);
    return counts;
}

model::UsageCounts AnswerMeter::counts(std::uint64_t requestBytes) const {
    model::UsageCounts guess = model::estimateUsage(requestBytes, m_events, m_bytes);
    if (!m_prompt && !m_completion)
        return guess;
    const bool embedding = m_endpoint == Endpoint::Embeddings; // has no completion to report
    // A stream that broke off reported at most what it had at its start.
    if (!ended() || (!m_completion && !embedding))
        return parted({m_prompt.value_or(guess.prompt), std::max(m_completion.value_or(0), guess.completion), true, 0, 0});
    return parted({m_prompt.value_or(guess.prompt), m_completion.value_or(0), !m_prompt.has_value(), 0, 0});
}

} // namespace clawloops::gateway
