// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/dialect.h"

#include "base/json.h"

#include <array>

namespace clawloops::model {
namespace {

struct Row {
    Endpoint endpoint;
    std::string_view path;
    std::string_view method;
};
constexpr std::array rows{
    Row{Endpoint::Models, "/v1/models", "GET"},
    Row{Endpoint::ChatCompletions, "/v1/chat/completions", "POST"},
    Row{Endpoint::Completions, "/v1/completions", "POST"},
    Row{Endpoint::Embeddings, "/v1/embeddings", "POST"},
    Row{Endpoint::Responses, "/v1/responses", "POST"},
    Row{Endpoint::Messages, "/v1/messages", "POST"},
};

const Row& rowOf(Endpoint endpoint) {
    return rows[static_cast<std::size_t>(endpoint)];
}

struct Kind {
    int status;
    std::string_view openAiType;
    std::string_view openAiCode;
    std::string_view anthropicType;
};

Kind kindOf(Refusal refusal) {
    switch (refusal) {
    case Refusal::WrongToken: return {401, "invalid_request_error", "invalid_api_key", "authentication_error"};
    case Refusal::NotFound: return {404, "invalid_request_error", "unknown_url", "not_found_error"};
    case Refusal::WrongMethod: return {405, "invalid_request_error", "method_not_allowed", "invalid_request_error"};
    case Refusal::NoSuchModel: return {404, "invalid_request_error", "model_not_found", "not_found_error"};
    case Refusal::WrongRequest: return {400, "invalid_request_error", "invalid_request", "invalid_request_error"};
    case Refusal::TooSlow: return {408, "invalid_request_error", "request_timeout", "timeout_error"};
    case Refusal::TooLarge: return {413, "invalid_request_error", "request_too_large", "request_too_large"};
    case Refusal::TooMany: return {429, "rate_limit_error", "rate_limit_exceeded", "rate_limit_error"};
    case Refusal::BudgetSpent: return {429, "insufficient_quota", "insufficient_quota", "rate_limit_error"};
    case Refusal::QueueFull: return {429, "rate_limit_error", "queue_full", "rate_limit_error"};
    case Refusal::NotAllowed: return {403, "request_forbidden", "permission_denied", "permission_error"};
    case Refusal::UnknownPrice: return {403, "request_forbidden", "unknown_price", "permission_error"};
    case Refusal::UpstreamFailed: return {502, "server_error", "upstream_failed", "api_error"};
    case Refusal::UpstreamTimedOut: return {504, "server_error", "upstream_timeout", "api_error"};
    case Refusal::Busy: return {503, "server_error", "unavailable", "overloaded_error"};
    }
    return {500, "server_error", "internal_error", "api_error"};
}

json::object openAiError(const Kind& kind, std::string_view message) {
    return {{"message", message}, {"type", kind.openAiType}, {"param", nullptr}, {"code", kind.openAiCode}};
}

json::object anthropicError(const Kind& kind, std::string_view message) {
    return {{"type", "error"}, {"error", json::object{{"type", kind.anthropicType}, {"message", message}}}};
}

} // namespace

std::optional<Endpoint> endpointOf(std::string_view path) {
    for (const Row& row : rows) {
        if (row.path == path)
            return row.endpoint;
    }
    return std::nullopt;
}

std::string_view pathOf(Endpoint endpoint) {
    return rowOf(endpoint).path;
}

std::string_view methodOf(Endpoint endpoint) {
    return rowOf(endpoint).method;
}

Dialect dialectOf(Endpoint endpoint) {
    return endpoint == Endpoint::Messages ? Dialect::Anthropic : Dialect::OpenAi;
}

Dialect dialectOfPath(std::string_view path) {
    return path.starts_with("/v1/messages") ? Dialect::Anthropic : Dialect::OpenAi;
}

int statusOf(Refusal refusal) {
    return kindOf(refusal).status;
}

std::string errorBody(Dialect dialect, Refusal refusal, std::string_view message) {
    const Kind kind = kindOf(refusal);
    if (dialect == Dialect::Anthropic)
        return json::serialize(anthropicError(kind, message));
    return json::serialize(json::object{{"error", openAiError(kind, message)}});
}

std::string errorEvent(Endpoint endpoint, Refusal refusal, std::string_view message) {
    const Kind kind = kindOf(refusal);
    if (endpoint == Endpoint::Messages)
        return "\n\nevent: error\ndata: " + json::serialize(anthropicError(kind, message)) + "\n\n";
    if (endpoint == Endpoint::Responses) {
        const json::object event{{"type", "error"}, {"code", kind.openAiCode}, {"message", message}, {"param", nullptr}};
        return "\n\nevent: error\ndata: " + json::serialize(event) + "\n\n";
    }
    return "\n\ndata: " + json::serialize(json::object{{"error", openAiError(kind, message)}}) + "\n\n";
}

} // namespace clawloops::model
