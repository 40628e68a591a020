// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace clawloops::runtime {

// What decides how containers have to be started on this machine.
struct HostFacts {
    bool root = false;
    bool mayRaiseLimits = false; // CAP_SYS_RESOURCE
    bool cgroupV2 = false; // /sys/fs/cgroup is one cgroup2 tree
    bool runcInstalled = false;
    std::int64_t openFiles = 0; // hard limits of this process
    std::int64_t processes = 0;
    std::int64_t pidMax = 0;
};
[[nodiscard]] HostFacts readHostFacts(); // from /proc, /sys and getrlimit; never fails, unknown is 0 / false

// How the engine is called here: decided once, from facts, without asking anybody.
struct EnginePlan {
    bool rootless = false;
    std::string ociRuntime; // empty: the engine's own choice
    std::optional<std::int64_t> openFiles; // --ulimit nofile; without it the engine asks for more than it may have
    std::optional<std::int64_t> processes; // --ulimit nproc
    bool canPause = false;
    bool canLimit = false;
};

// `ociRuntime` is the setting: auto, runc, crun.
//   rootless or not     cgroup            pause, limits    runtime when auto
//   rootful             v2                yes              the engine's
//   rootful             v1 or hybrid      yes              runc (crun refuses the layout)
//   rootless            v2                yes              the engine's
//   rootless            v1 or hybrid      no               runc where installed
[[nodiscard]] EnginePlan planEngine(const HostFacts& facts, std::string_view ociRuntime, bool rootless);

} // namespace clawloops::runtime
