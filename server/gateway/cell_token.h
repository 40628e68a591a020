// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/route_table.h"
#include "stream/http.h"

namespace clawloops::gateway {

// Does the request carry this cell's token? `Authorization: Bearer`, or where that is absent `x-api-key`, as Anthropic's clients
// send it; either given twice is a no. The socket says which cell it must be: another cell's token is a wrong one.
[[nodiscard]] bool carriesTokenOf(const model::CellAccess& cell, const stream::Fields& fields);

} // namespace clawloops::gateway
