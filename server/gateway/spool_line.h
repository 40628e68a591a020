// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "wire/gateway_verbs.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace clawloops::gateway {

// A usage event as it stands on the disk: its JSON with one more member at the end, `crc`, the CRC-32C of all that stands before it.
// A digit that the disk changed would otherwise be somebody's bill. What an older gateway wrote has none and is taken as it is.
void appendSpoolLine(std::string& out, const gateway_verbs::UsageEvent& event); // without the end of the line
[[nodiscard]] std::optional<gateway_verbs::UsageEvent> eventOfSpoolLine(std::string_view line); // none: damaged, or no event

[[nodiscard]] std::uint32_t crc32c(std::string_view bytes);

} // namespace clawloops::gateway
