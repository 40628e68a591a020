// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <sys/types.h>
#include <vector>

namespace clawloops::cell {

// Starts the program, found on PATH, with default signal handling and stdio as ours. -1 with the reason in `error` when it
// could not be forked; a program that cannot be executed ends with 127.
[[nodiscard]] pid_t startChild(const std::vector<std::string>& command, std::string& error);

// Collects every process that ended (as PID 1 we inherit orphans). Answers the exit code of `child` once it is among them:
// its own, or 128 + the signal that ended it.
[[nodiscard]] std::optional<int> reap(pid_t child);

} // namespace clawloops::cell
