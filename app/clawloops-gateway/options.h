// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "gateway/gateway.h"

#include <filesystem>

namespace clawloops::gateway {

// The flags of internals.md, "Flags of the daemons": pairs, each exactly once; anything else is refused by name.
struct Options {
    GatewayConfig config; // all but the key
    std::filesystem::path liteLlmKeyFile;
    bool debug = false;
};
[[nodiscard]] Result<Options> parseOptions(int count, char** arguments);

} // namespace clawloops::gateway
