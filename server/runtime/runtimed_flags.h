// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"

#include <cstdint>
#include <string>
#include <sys/types.h>
#include <vector>

namespace clawloops::runtime {

// clawloops-runtimed's flags ("Flags of the daemons" in resources/docs/internals.md), all of them required.
struct RuntimedFlags {
    std::string data;
    std::string run;
    std::string instance;
    std::string cellProgram;
    std::string image;
    std::int64_t diskReserve = 0; // bytes; 0: not watched
    std::string ociRuntime; // auto runc crun
    bool rootless = false;
    uid_t controlUid = 0;
    gid_t controlGid = 0;
    uid_t edgeUid = 0;
    gid_t edgeGid = 0;
    uid_t modelUid = 0;
    bool debug = false;
};

// Refuses an unknown, repeated or missing flag and a value of the wrong form, by the flag's name.
[[nodiscard]] Result<RuntimedFlags> parseRuntimedFlags(const std::vector<std::string>& arguments);

} // namespace clawloops::runtime
