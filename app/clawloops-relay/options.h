// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "relay/relay_service.h"

namespace clawloops::relay {

// The flags of internals.md, "Flags of the daemons": pairs, each exactly once; anything else is refused by name.
struct CommandLine {
    RelayOptions relay;
    bool debug = false;
};
[[nodiscard]] Result<CommandLine> parseCommandLine(int count, char** arguments);

} // namespace clawloops::relay
