// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/clock.h"
#include "wire/api_types.h"

#include <string>
#include <string_view>

namespace clawloops::orchestrator {

// The steps of a task, with their times: what a progress page shows. Pure values.
//
//   start   reserve → container → openclaw → ready
//   stop    stop
//   delete  remove
//
// Exactly one step is `running` while the task is; those before it are done, those after it wait.
[[nodiscard]] wire::Task newTask(const std::string& runtimeId, std::string_view action, WallTime now);
[[nodiscard]] bool isOpen(const wire::Task& task); // pending or running

// Goes to the step: the one that ran is done now, and those skipped too. Going back (a start that is tried again) makes the
// later ones wait again. The sentence says what the step waits for.
void enterStep(wire::Task& task, std::string_view step, std::string_view sentence, WallTime now);
// Why the step that runs is not getting on.
void explainStep(wire::Task& task, std::string_view sentence);
[[nodiscard]] std::string_view runningStep(const wire::Task& task); // empty: none
void succeed(wire::Task& task, WallTime now);
void fail(wire::Task& task, std::string_view code, std::string_view message, WallTime now);

} // namespace clawloops::orchestrator
