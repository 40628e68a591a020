// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/dialect.h"
#include "model/route_table.h"

#include <span>
#include <string_view>

// Which members of a request's JSON object go on to a target.
namespace clawloops::model {

// A direct target gets every member: it is one model server and knows its own. The starter model's server is everybody's: its own
// members pick whose slot and cached prompt an answer comes from (`id_slot`, `cache_prompt` …), which tells one person what
// another one wrote, or keep it busy (`n_predict`, `ignore_eos`). LiteLLM obeys members of its own that choose
// another address, key, model list, callback or canned answer (`api_base`, `api_key`, `fallbacks`, `mock_response`, `metadata` …),
// and each of its releases adds some. To both, only what the public APIs name passes, and the rest is dropped.
[[nodiscard]] bool passes(Target::Kind kind, Endpoint endpoint, std::string_view member);

// Without `stream_options.include_usage` an upstream need not say what a streamed answer cost. The usage-only event that it
// adds reaches the client even where it did not ask: clients of these two APIs skip an event without choices, and answers go
// through untouched.
[[nodiscard]] bool wantsIncludeUsage(Endpoint endpoint, bool stream);

// The members by which a request limits its answer, in tokens, the preferred one last; none where an answer is no text.
[[nodiscard]] std::span<const std::string_view> outputLimitMembers(Endpoint endpoint);

} // namespace clawloops::model
