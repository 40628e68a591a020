// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "base/settings.h"
#include "supervisor/component_spec.h"

#include <filesystem>
#include <string>
#include <vector>

namespace clawloops::supervisor {

// The settings with everything that is "chosen at start" chosen. A value.
struct Places {
    std::filesystem::path data, run, bin, share, components;
    std::filesystem::path pgPrograms; // empty with an external database
    int pgVersion = 0; // the major version of pgPrograms
    Account self, control, db, edge, model;
    bool rootless = false;
    // HOME and what podman needs of our environment (XDG_RUNTIME_DIR, DBUS_SESSION_BUS_ADDRESS), for runtimed.
    std::vector<std::pair<std::string, std::string>> engineEnvironment;
    std::string instance; // 8 hex digits, from the marker file
    std::string hostName;
    std::vector<std::string> allowedHosts; // host.name, aliases, localhost and this machine's addresses; sorted, no port
    bool operator==(const Places&) const = default;
};

// `program` is the supervisor's own file. Asks the account database, the host name and the interfaces.
[[nodiscard]] Result<Places> choosePlaces(const Settings& settings, const std::filesystem::path& program);
// $DATA alone: needed to find the settings file itself.
[[nodiscard]] std::filesystem::path defaultDataDirectory();

} // namespace clawloops::supervisor
