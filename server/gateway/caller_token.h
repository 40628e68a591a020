// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/route_table.h"
#include "stream/http.h"

#include <optional>

namespace clawloops::gateway {

// The SHA-256 of the token that a request carries: `Authorization: Bearer`, or where that is absent `x-api-key`, as Anthropic's clients
// send it; none when either is given twice.
[[nodiscard]] std::optional<Sha256> tokenHashOf(const stream::Fields& fields);

// Does the request carry this cell's token? The socket says which cell it must be: another cell's token is a wrong one.
[[nodiscard]] bool carriesTokenOf(const model::Caller& cell, const stream::Fields& fields);

} // namespace clawloops::gateway
