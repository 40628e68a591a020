// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "runtime/cell_layout.h"
#include "runtime/host_facts.h"
#include "wire/runtime_verbs.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace clawloops::runtime {

struct Mount {
    std::string source; // on the host
    std::string target; // in the cell
    bool readOnly = true;
    bool operator==(const Mount&) const = default;
};

// What to run, as a value: everything the engine will be told, nothing done yet. Made by planCell(), judged by CellPolicy,
// turned into podman's arguments by podmanRun(). The members' initial values are the hardened ones.
struct RuntimeSpec {
    std::string instance;
    std::string cellId;
    std::int64_t slot = 0;
    std::string image;
    std::string network = "none";
    bool privileged = false;
    bool readOnlyRoot = true;
    std::vector<std::string> addedCapabilities;
    std::vector<std::string> securityOptions = {"no-new-privileges"}; // seccomp: the engine's default profile
    std::vector<std::string> devices;
    std::vector<Mount> mounts;
    std::string temporary = "/tmp:rw,nosuid,nodev,size=256m,mode=1777";
    std::string user = "1000:1000";
    bool rootless = false;
    bool limited = false; // the engine can, so the policy demands every limit
    CellLimits limits;
    std::optional<std::int64_t> openFiles;
    std::optional<std::int64_t> processes;
    std::vector<std::pair<std::string, std::string>> environment;
    std::string entrypoint;
    std::vector<std::string> command;
    int stopSeconds = 30; // OpenClaw ends in 1-3 s when idle; work in flight may want its 315 s, and does not get them

    [[nodiscard]] std::string name() const { return "clawloops-" + instance + "-" + cellId; }
};

// The appliance as one runtime manager sees it.
struct Site {
    std::string instance; // 8 hex characters
    std::string cells; // $DATA/cells
    std::string cellProgram; // mounted into every cell as its first process
    std::string image; // the one that cells are made of
};

[[nodiscard]] RuntimeSpec planCell(const StartArgs& args, const Site& site, const EnginePlan& plan);

// `podman` arguments of `run`, complete, with the label io.clawloops.spec = `hash`.
[[nodiscard]] std::vector<std::string> podmanRun(const RuntimeSpec& spec, const std::string& ociRuntime, const std::string& hash);

// SHA-256 over what podman would be told and the rendered configuration, which has no token in it: two starts with equal hashes would
// make the same cell. 64 hex characters.
[[nodiscard]] std::string specHash(const RuntimeSpec& spec, const std::string& ociRuntime, const StartArgs& args);

} // namespace clawloops::runtime
