// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/clock.h"
#include "orchestrator/runtime_port.h"
#include "wire/api_types.h"

#include <cstdint>
#include <optional>
#include <string>

namespace clawloops::orchestrator {

enum class DesiredState { Running, Stopped, Deleted };
enum class ObservedState { Creating, Running, Paused, Stopped, Error, Deleted };

[[nodiscard]] std::string_view name(DesiredState state);
[[nodiscard]] std::string_view name(ObservedState state);
[[nodiscard]] std::optional<DesiredState> desiredFromName(std::string_view text);
[[nodiscard]] std::optional<ObservedState> observedFromName(std::string_view text);

// One row of `runtimes`: a user has at most one, for good; deleting one leaves the row (observed deleted) for the next start.
struct Runtime {
    std::string id; // run_…
    std::string userId;
    std::string username;
    bool userDisabled = false;
    std::string cellId;
    std::string volumeId;
    std::int64_t slot = 0;
    std::string image;
    DesiredState desired = DesiredState::Stopped;
    ObservedState observed = ObservedState::Stopped;
    WallTime since; // of `observed`
    bool wipe = false; // when deleted
    bool held = false; // in error until somebody asks for a start
    std::string spec; // hash of the running container; empty while a start is under way or nothing runs
    std::string inputs; // hash of what the spec was made from
    bool hasToken = false; // the cell has a token that the gateway knows
    std::optional<std::string> lastError; // one sentence, after a crash with the last log lines
    std::optional<wire::Task> task; // the one under way, or the last
};

// What the user wants, but for a disabled one nothing runs.
[[nodiscard]] DesiredState effectiveDesired(const Runtime& runtime);

// What a person may know; browserUrl is the API's to fill, as it knows the addresses.
[[nodiscard]] wire::AdminRuntime toWire(const Runtime& runtime);

} // namespace clawloops::orchestrator
