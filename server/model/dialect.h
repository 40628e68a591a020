// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"

#include <optional>
#include <string>
#include <string_view>

// The endpoints of the model gateway and how each of them says that something went wrong.
namespace clawloops::model {

enum class Endpoint { Models, ChatCompletions, Completions, Embeddings, Responses, Messages };
enum class Dialect { OpenAi, Anthropic };

// Exact paths only, without a query; anything else, "/v1/models/" and "//v1/models" included, is none.
[[nodiscard]] std::optional<Endpoint> endpointOf(std::string_view path);
[[nodiscard]] std::string_view pathOf(Endpoint endpoint); // "/v1/chat/completions"
[[nodiscard]] std::string_view methodOf(Endpoint endpoint); // "GET" or "POST"
[[nodiscard]] Dialect dialectOf(Endpoint endpoint);
// The dialect for a path that may be no endpoint: Anthropic below /v1/messages, else OpenAI.
[[nodiscard]] Dialect dialectOfPath(std::string_view path);

// What the gateway itself may answer.
enum class Refusal {
    WrongToken, // 401
    NotFound, // 404, no such path
    WrongMethod, // 405
    NoSuchModel, // 404, or not allowed: the same answer
    WrongRequest, // 400
    TooSlow, // 408
    TooLarge, // 413
    TooMany, // 429, a limit of requests or the brake: waiting helps
    BudgetSpent, // 429 as a quota: waiting helps only when the budget begins anew
    QueueFull, // 429, no place in a target's queue
    NotAllowed, // 403: disabled, frozen, held
    UnknownPrice, // 403: nobody knows what it would cost
    UpstreamFailed, // 502
    UpstreamTimedOut, // 504
    Busy, // 503
};
[[nodiscard]] int statusOf(Refusal refusal);
// The error's JSON body in the endpoint's shape; `message` may come from anywhere, it is escaped.
[[nodiscard]] std::string errorBody(Dialect dialect, Refusal refusal, std::string_view message);
// The same as a server-sent event, for an answer that broke off. Starts with an empty line, which ends a half-sent event.
[[nodiscard]] std::string errorEvent(Endpoint endpoint, Refusal refusal, std::string_view message);

} // namespace clawloops::model
