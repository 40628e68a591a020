// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"

#include <QObject>

#include <chrono>
#include <functional>
#include <string>
#include <vector>

namespace clawloops::runtime {

struct CommandOutput {
    int exitCode = 0;
    std::string out; // at most 4 MiB, from the end
    std::string err; // at most 64 KiB, from the end
};

// One call of the `podman` program, without a shell, stdin closed, output bounded. How it ends:
//   exited, any code                   CommandOutput
//   not there or not executable        Error Unavailable
//   killed by a signal                 Error Unavailable
//   not over after `timeout`           it is killed: Error Unavailable, and whether it did its work is unknown
// The callback runs once on this thread, never before run() has returned, unless `guard` died before.
class PodmanCommand {
public:
    using Callback = std::function<void(Result<CommandOutput>)>;
    static void run(QObject* guard, const std::vector<std::string>& arguments, std::chrono::milliseconds timeout,
                    Callback callback);
};

// What a failed call says to a person: podman's last line, without its "Error: ".
[[nodiscard]] std::string lastLine(const std::string& text);

} // namespace clawloops::runtime
