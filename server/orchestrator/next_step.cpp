// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "orchestrator/next_step.h"

#include "orchestrator/task_steps.h"

namespace clawloops::orchestrator {

namespace {

bool taskOpen(const Runtime& runtime) { return runtime.task && isOpen(*runtime.task); }

Step whenWantedRunning(const Runtime& runtime, const std::optional<runtime::Cell>& cell, bool up, const std::string& inputs) {
    if (runtime.held)
        return Step::Hold;
    if (!up)
        return runtime.spec.empty() ? Step::Start : Step::Crashed;
    // An empty spec is a start whose answer we did not live to hear: whatever runs is it, as a token was written down for it.
    const bool ours = runtime.hasToken && (runtime.spec.empty() || runtime.spec == cell->spec) && runtime.inputs == inputs;
    if (!ours)
        return Step::Recreate;
    const bool paused = cell->state == "paused";
    switch (runtime.observed) {
    case ObservedState::Running: return paused ? Step::MarkPaused : Step::Nothing;
    case ObservedState::Paused: return paused ? Step::Nothing : Step::MarkRunning;
    default: return Step::Adopt;
    }
}

} // namespace

Step nextStep(const Runtime& runtime, const std::optional<runtime::Cell>& cell, const std::string& inputs) {
    const bool up = cell && (cell->state == "running" || cell->state == "paused");
    switch (effectiveDesired(runtime)) {
    case DesiredState::Running: return whenWantedRunning(runtime, cell, up, inputs);
    case DesiredState::Stopped:
        if (up)
            return Step::Stop;
        if (runtime.observed == ObservedState::Deleted && !taskOpen(runtime))
            return Step::Nothing;
        return runtime.observed != ObservedState::Stopped || taskOpen(runtime) || runtime.hasToken ? Step::MarkStopped : Step::Nothing;
    case DesiredState::Deleted:
        return runtime.observed != ObservedState::Deleted || cell || taskOpen(runtime) ? Step::Remove : Step::Nothing;
    }
    return Step::Nothing;
}

} // namespace clawloops::orchestrator
