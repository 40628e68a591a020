// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/secret.h"
#include "wire/runtime_verbs.h"

namespace clawloops::runtime {

// OpenClaw's openclaw.json for one cell. It trusts the loopback proxy (clawloops-cell, which carries what the relay sent) for
// the owner's name, and knows one model provider: our gateway. Holds the cell's token, hence a Secret. The text is stable:
// equal arguments, equal bytes.
[[nodiscard]] Secret renderOpenclawConfig(const StartArgs& args);

} // namespace clawloops::runtime
