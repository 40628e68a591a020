// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "orchestrator/runtime.h"
#include "wire/runtime_verbs.h"

#include <optional>
#include <string>

namespace clawloops::orchestrator {

enum class Step {
    Nothing,
    Hold, // in error until somebody asks: leave it
    Start, // folders, token, container
    Adopt, // it runs with what we wanted: watch it until it is ready
    Recreate, // it runs with something else: stop it, the next look starts it
    Crashed, // it ran and does no longer
    Stop,
    MarkStopped,
    Remove,
    MarkPaused,
    MarkRunning, // was paused
};

// The next step for one runtime at rest: a pure function of what is wanted, what is written down and what the engine shows.
//
// | wanted  | engine          | written down                       | step                     |
// | running | not running     | held                               | Hold                     |
// | running | not running     | a container ran (spec)             | Crashed                  |
// | running | not running     | none                               | Start                    |
// | running | running, paused | held                               | Hold                     |
// | running | running, paused | no token, another spec or inputs   | Recreate                 |
// | running | running         | ready                              | Nothing                  |
// | running | paused          | running                            | MarkPaused               |
// | running | running         | paused                             | MarkRunning              |
// | running | running         | creating, stopped, error           | Adopt                    |
// | stopped | running, paused |                                    | Stop                     |
// | stopped | not running     | not stopped, or a task is open     | MarkStopped              |
// | deleted |                 | not deleted, or a container exists | Remove                   |
[[nodiscard]] Step nextStep(const Runtime& runtime, const std::optional<runtime::Cell>& cell, const std::string& inputs);

} // namespace clawloops::orchestrator
