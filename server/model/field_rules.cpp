// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/field_rules.h"

#include <algorithm>
#include <array>

namespace clawloops::model {
namespace {

using Names = std::string_view;

constexpr std::array chat{Names("audio"), Names("frequency_penalty"), Names("function_call"), Names("functions"),
                          Names("logit_bias"), Names("logprobs"), Names("max_completion_tokens"), Names("max_tokens"),
                          Names("messages"), Names("modalities"), Names("model"), Names("n"), Names("parallel_tool_calls"),
                          Names("prediction"), Names("presence_penalty"), Names("prompt_cache_key"), Names("reasoning_effort"),
                          Names("response_format"), Names("safety_identifier"), Names("seed"), Names("service_tier"),
                          Names("stop"), Names("stream"), Names("stream_options"), Names("temperature"), Names("thinking"),
                          Names("tool_choice"), Names("tools"), Names("top_logprobs"), Names("top_p"), Names("user"),
                          Names("verbosity")};
constexpr std::array completions{Names("best_of"), Names("echo"), Names("frequency_penalty"), Names("logit_bias"),
                                 Names("logprobs"), Names("max_tokens"), Names("model"), Names("n"),
                                 Names("presence_penalty"), Names("prompt"), Names("seed"), Names("stop"), Names("stream"),
                                 Names("stream_options"), Names("suffix"), Names("temperature"), Names("top_p"),
                                 Names("user")};
constexpr std::array embeddings{Names("dimensions"), Names("encoding_format"), Names("input"), Names("model"),
                                Names("user")};
constexpr std::array responses{Names("include"), Names("input"), Names("instructions"), Names("max_output_tokens"),
                               Names("max_tool_calls"), Names("model"), Names("parallel_tool_calls"),
                               Names("prompt_cache_key"), Names("reasoning"), Names("safety_identifier"),
                               Names("service_tier"), Names("store"), Names("stream"), Names("stream_options"),
                               Names("temperature"), Names("text"), Names("tool_choice"), Names("tools"),
                               Names("top_logprobs"), Names("top_p"), Names("truncation"), Names("user")};
constexpr std::array messages{Names("max_tokens"), Names("messages"), Names("model"), Names("output_config"),
                              Names("service_tier"), Names("stop_sequences"), Names("stream"), Names("system"),
                              Names("temperature"), Names("thinking"), Names("tool_choice"), Names("tools"),
                              Names("top_k"), Names("top_p")};

template <std::size_t N> bool holds(const std::array<Names, N>& names, std::string_view member) {
    return std::find(names.begin(), names.end(), member) != names.end();
}

} // namespace

bool passes(Target::Kind kind, Endpoint endpoint, std::string_view member) {
    if (kind == Target::Kind::OpenAi)
        return true;
    switch (endpoint) {
    case Endpoint::Models: return false;
    case Endpoint::ChatCompletions: return holds(chat, member);
    case Endpoint::Completions: return holds(completions, member);
    case Endpoint::Embeddings: return holds(embeddings, member);
    case Endpoint::Responses: return holds(responses, member);
    case Endpoint::Messages: return holds(messages, member);
    }
    return false;
}

bool wantsIncludeUsage(Endpoint endpoint, bool stream) {
    return stream && (endpoint == Endpoint::ChatCompletions || endpoint == Endpoint::Completions);
}

std::span<const std::string_view> outputLimitMembers(Endpoint endpoint) {
    static constexpr std::array chats{Names("max_completion_tokens"), Names("max_tokens")};
    static constexpr std::array others{Names("max_tokens")};
    static constexpr std::array newer{Names("max_output_tokens")};
    switch (endpoint) {
    case Endpoint::ChatCompletions: return chats;
    case Endpoint::Completions:
    case Endpoint::Messages: return others;
    case Endpoint::Responses: return newer;
    case Endpoint::Models:
    case Endpoint::Embeddings: break;
    }
    return {};
}

} // namespace clawloops::model
