// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "command_line.h"
#include "supervisor/places.h"

namespace clawloops::supervisor {

// `status` and `stop`, over the control socket of the running supervisor. Each runs the application's event loop and answers
// the exit code: 69 when no supervisor answers.
int showStatus(const CommandLine& line, const Places& places);
int stopRunning(const Places& places);

} // namespace clawloops::supervisor
