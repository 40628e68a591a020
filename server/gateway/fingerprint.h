// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/request_body.h"

#include <cstdint>

namespace clawloops::gateway {

// What tells the runaway brake that a request was seen before: 64 bits each, no content. Not for secrets, not against an enemy: whoever
// evades it is still counted and budgeted.
struct Fingerprint {
    std::uint64_t content = 0; // of the whole body as it came
    std::uint64_t toolCall = 0; // of the name and arguments of the last tool call, when nothing was said by a person since; 0: there is none
};
[[nodiscard]] Fingerprint fingerprintOf(const RequestBody& body);
[[nodiscard]] std::uint64_t fingerprintOf(std::string_view text); // never 0

} // namespace clawloops::gateway
