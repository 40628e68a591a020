// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/settings.h"
#include "supervisor/refusal.h"

#include <filesystem>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace clawloops::supervisor {

inline constexpr const char* usage =
    "usage: clawloops-supervisor run | check | status [--json] | stop | settings  [--data DIR] [--settings FILE] [--set section.key=value]...\n"
    "  run       start everything and stay (SIGTERM stops everything in order)\n"
    "  check     look for everything that would keep it from starting, start nothing\n"
    "  status    what runs, from the running supervisor\n"
    "  stop      stop the running supervisor and everything it started\n"
    "  settings  print the description of every setting\n"
    "  --data DIR is short for --set paths.data=DIR; the settings file is clawloops.conf there\n";

struct CommandLine {
    std::string command;
    bool json = false;
    std::filesystem::path settingsFile;
    Settings settings;
};

[[nodiscard]] std::variant<CommandLine, Refusal> parseCommandLine(const std::vector<std::string>& arguments);

} // namespace clawloops::supervisor
