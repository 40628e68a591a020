// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"

#include <simdjson.h>
#include <string_view>

namespace clawloops::gateway {

// Model servers and LiteLLM fetch pictures, sounds and files that a message names by address, from where they stand: inside the
// host. A cell has no network, so that would be its way to the LAN. Only data: URLs may be content, and tools that make a
// server connect somewhere (type "mcp") are refused. Arguments of tool calls are left alone: nobody fetches those.
[[nodiscard]] Status refuseOutsideAddresses(std::string_view member, const simdjson::dom::element& value);

} // namespace clawloops::gateway
