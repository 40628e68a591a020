// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"

#include <cstdint>
#include <string>
#include <vector>

// The flags of clawloopsd, as resources/docs/internals.md has them: every one but --check-socket is needed, and nothing
// else is taken.
struct Options {
    std::string data;
    std::string run;
    std::string share;
    std::string instance;
    std::string host;
    std::vector<std::string> allowedHosts;
    std::uint16_t portalPort = 0;
    std::uint16_t workspacePort = 0;
    std::uint16_t apiPort = 0;
    std::uint16_t checkPort = 0;
    int checkSocket = -1; // its listening socket, inherited; -1: to be bound
    std::string database;
    std::string image;
    std::int64_t runtimeMemory = 0; // bytes
    double runtimeCpus = 0;
    std::int64_t runtimePids = 0;
    bool smallPrompt = false;
    bool starterModel = false;
    bool liteLlm = false;
    bool debug = false;
};
[[nodiscard]] clawloops::Result<Options> parseOptions(const std::vector<std::string>& words);

// `clawloopsd bootstrap-link --data DIR [--run DIR] [--host NAME] [--portal-port N] [--database CONNINFO]`: what is not given comes
// from clawloops.conf in the data directory.
struct LinkOptions {
    std::string host;
    std::uint16_t portalPort = 0;
    std::string database;
};
[[nodiscard]] clawloops::Result<LinkOptions> parseLinkOptions(const std::vector<std::string>& words);
