// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <sys/types.h>

namespace clawloops::runtime {

// Where a cell's things lie and whose they are (resources/docs/internals.md). Values only.

[[nodiscard]] bool isCellId(std::string_view text); // "c" + 12 lower-case hex characters: safe as a file name

// Identity of the appliance on this machine, as runtimed's flags say it.
struct Accounts {
    gid_t edgeGid = 0; // may reach in.sock
    uid_t modelUid = 0; // makes model.sock
};

// The range of host ids that a cell's user namespace is mapped to, rootful.
struct IdRange {
    static constexpr std::uint32_t first = 700'000'000;
    static constexpr std::uint32_t count = 65'536;
    static constexpr std::int64_t slots = 50'000; // the last range ends below 2^32 - 2
    static constexpr std::uint32_t user = 1000; // the cell's own user, inside

    std::int64_t slot = 0;
    [[nodiscard]] std::uint32_t base() const { return first + static_cast<std::uint32_t>(slot) * count; }
    [[nodiscard]] std::uint32_t cellId() const { return base() + user; } // uid and gid on the host
};

struct CellLayout {
    std::string cells; // $DATA/cells
    std::string cellId;

    [[nodiscard]] std::string root() const { return cells + "/" + cellId; }
    [[nodiscard]] std::string in() const { return root() + "/in"; }
    [[nodiscard]] std::string out() const { return root() + "/out"; }
    [[nodiscard]] std::string config() const { return root() + "/config"; }
    [[nodiscard]] std::string home() const { return root() + "/home"; }
};

// The same inside the container.
namespace inside {
inline constexpr std::string_view program = "/run/clawloops/clawloops-cell";
inline constexpr std::string_view in = "/run/clawloops/in";
inline constexpr std::string_view out = "/run/clawloops/out";
inline constexpr std::string_view config = "/run/clawloops/config";
inline constexpr std::string_view token = "/run/clawloops/config/token";
inline constexpr std::string_view home = "/home/node/.openclaw";
inline constexpr int gatewayPort = 18789; // OpenClaw
inline constexpr int modelPort = 11411; // where OpenClaw finds its models
}

} // namespace clawloops::runtime
