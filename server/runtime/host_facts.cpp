// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "runtime/host_facts.h"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <linux/magic.h>
#include <sys/resource.h>
#include <sys/vfs.h>
#include <unistd.h>

namespace clawloops::runtime {

namespace {
constexpr int capSysResource = 24;
constexpr std::int64_t openFilesWanted = 20000;
constexpr std::int64_t processesWanted = 10000;

std::int64_t hardLimit(__rlimit_resource which) {
    rlimit limit{};
    if (::getrlimit(which, &limit) != 0)
        return 0;
    return limit.rlim_max > rlim_t(1) << 40 ? std::int64_t(1) << 40 : static_cast<std::int64_t>(limit.rlim_max);
}

bool hasCapability(int number) {
    std::ifstream status("/proc/self/status");
    for (std::string line; std::getline(status, line);) {
        if (!line.starts_with("CapEff:"))
            continue;
        const auto start = line.find_first_of("0123456789abcdef", 7);
        std::uint64_t bits = 0;
        if (start == line.npos)
            return false;
        std::from_chars(line.data() + start, line.data() + line.size(), bits, 16);
        return (bits >> number) & 1;
    }
    return false;
}
}

HostFacts readHostFacts() {
    HostFacts facts;
    facts.root = ::geteuid() == 0;
    facts.mayRaiseLimits = hasCapability(capSysResource);
    struct statfs info {};
    facts.cgroupV2 = ::statfs("/sys/fs/cgroup", &info) == 0 && info.f_type == CGROUP2_SUPER_MAGIC;
    for (const char* path : {"/usr/bin/runc", "/usr/sbin/runc", "/usr/local/bin/runc", "/usr/local/sbin/runc"}) {
        std::error_code ignored;
        facts.runcInstalled = facts.runcInstalled || std::filesystem::exists(path, ignored);
    }
    facts.openFiles = hardLimit(RLIMIT_NOFILE);
    facts.processes = hardLimit(RLIMIT_NPROC);
    std::ifstream("/proc/sys/kernel/pid_max") >> facts.pidMax;
    return facts;
}

EnginePlan planEngine(const HostFacts& facts, std::string_view ociRuntime, bool rootless) {
    EnginePlan plan;
    plan.rootless = rootless;
    plan.canPause = plan.canLimit = !rootless || facts.cgroupV2;
    if (ociRuntime != "auto")
        plan.ociRuntime = ociRuntime;
    else if (!facts.cgroupV2 && (!rootless || facts.runcInstalled))
        plan.ociRuntime = "runc";
    plan.openFiles = facts.openFiles > 0 ? std::min(facts.openFiles, openFilesWanted) : openFilesWanted;
    // Elsewhere --pids-limit bounds processes, for the cell alone; RLIMIT_NPROC counts the user's.
    if (!facts.mayRaiseLimits) {
        std::int64_t most = processesWanted;
        for (const std::int64_t bound : {facts.processes, facts.pidMax})
            most = bound > 0 ? std::min(most, bound) : most;
        plan.processes = most;
    }
    return plan;
}

} // namespace clawloops::runtime
