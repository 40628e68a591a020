// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/route_table.h"

#include <cstdint>
#include <vector>

namespace clawloops::model {

// The targets of a route in the order in which they are to be tried. In order: as given. By weight: the first is drawn by
// `draw` (any number; evenly spread ones spread evenly), the rest follow as given; weight 0 is never drawn, only followed to.
[[nodiscard]] std::vector<const Target*> targetsToTry(const Route& route, std::uint64_t draw);

// May the next target be tried after this answer, nothing having reached the client? Refusals of our own credential, a
// missing model, overload and failures: yes. What is wrong with the request itself will be wrong there too: no.
[[nodiscard]] bool isWorthAnotherTarget(int status);

} // namespace clawloops::model
