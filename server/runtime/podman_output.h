// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "wire/runtime_verbs.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

// What podman prints, as values. Tolerant of members it does not know: podman's output grows with its version.
namespace clawloops::runtime {

struct ListedCell {
    Cell cell;
    std::int64_t slot = -1; // -1: the label is missing
};

[[nodiscard]] Result<std::vector<ListedCell>> parsePodmanList(std::string_view text); // `ps -a --format json`
[[nodiscard]] std::optional<CellEvent> parsePodmanEvent(std::string_view line); // `events --format json`; none: of no interest

struct PodmanFacts {
    std::string version;
    bool limits = false; // the memory and pids controllers are usable
};
[[nodiscard]] Result<PodmanFacts> parsePodmanInfo(std::string_view text); // `info --format json`

// podman's state words are more than ours: created running paused exited.
[[nodiscard]] std::string_view cellState(std::string_view podmanState);

} // namespace clawloops::runtime
