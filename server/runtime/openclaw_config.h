// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "wire/runtime_verbs.h"

namespace clawloops::runtime {

// OpenClaw's openclaw.json for one cell. It trusts the loopback proxy (clawloops-cell, which carries what the relay sent) for
// the owner's name, and knows one model provider: our gateway. It names the file with
// the cell's token and does not hold it. The text is stable: equal arguments but for the token, equal bytes.
[[nodiscard]] std::string renderOpenclawConfig(const StartArgs& args);

} // namespace clawloops::runtime
