// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "orchestrator/runtime.h"

#include <algorithm>
#include <array>

namespace clawloops::orchestrator {

std::string_view name(DesiredState state) {
    switch (state) {
    case DesiredState::Running: return "running";
    case DesiredState::Stopped: return "stopped";
    case DesiredState::Deleted: return "deleted";
    }
    return {};
}

std::string_view name(ObservedState state) {
    switch (state) {
    case ObservedState::Creating: return "creating";
    case ObservedState::Running: return "running";
    case ObservedState::Paused: return "paused";
    case ObservedState::Stopped: return "stopped";
    case ObservedState::Error: return "error";
    case ObservedState::Deleted: return "deleted";
    }
    return {};
}

std::optional<DesiredState> desiredFromName(std::string_view text) {
    for (const DesiredState state : {DesiredState::Running, DesiredState::Stopped, DesiredState::Deleted})
        if (name(state) == text)
            return state;
    return std::nullopt;
}

std::optional<ObservedState> observedFromName(std::string_view text) {
    for (const ObservedState state : {ObservedState::Creating, ObservedState::Running, ObservedState::Paused, ObservedState::Stopped,
                                      ObservedState::Error, ObservedState::Deleted})
        if (name(state) == text)
            return state;
    return std::nullopt;
}

DesiredState effectiveDesired(const Runtime& runtime) {
    return runtime.userDisabled && runtime.desired == DesiredState::Running ? DesiredState::Stopped : runtime.desired;
}

namespace {

// Why it is not ready, or that it is: the running step knows best.
std::string reasonOf(const Runtime& runtime) {
    if (runtime.task && runtime.task->state != "succeeded" && runtime.task->state != "failed") {
        const auto& steps = runtime.task->steps;
        const auto running = std::find_if(steps.begin(), steps.end(), [](const wire::TaskStep& step) { return step.state == "running"; });
        if (running != steps.end())
            return running->sentence.value_or(running->title + ".");
    }
    switch (runtime.observed) {
    case ObservedState::Creating: return "The workspace is being started.";
    case ObservedState::Running: return "The workspace is ready.";
    case ObservedState::Paused: return "The workspace is asleep and wakes on a visit.";
    case ObservedState::Stopped: return runtime.userDisabled ? "The workspace is stopped because the account is disabled." : "The workspace is stopped.";
    case ObservedState::Error: return runtime.lastError.value_or("The workspace could not be started.");
    case ObservedState::Deleted: return "The workspace was deleted.";
    }
    return {};
}

} // namespace

wire::AdminRuntime toWire(const Runtime& runtime) {
    wire::AdminRuntime out;
    wire::RuntimeBinding& binding = out.status.binding;
    binding.runtimeId = runtime.id;
    binding.volumeId = runtime.volumeId;
    binding.imageRef = runtime.image;
    binding.desiredState = name(runtime.desired);
    binding.observedState = name(runtime.observed);
    binding.retentionPolicy = runtime.wipe ? "wipe_workspace" : "preserve_workspace";
    binding.lastError = runtime.lastError;
    out.status.ready = runtime.observed == ObservedState::Running;
    out.status.reason = reasonOf(runtime);
    out.status.since = toRfc3339(runtime.since);
    out.status.task = runtime.task;
    out.userId = runtime.userId;
    out.username = runtime.username;
    out.cellId = runtime.cellId;
    return out;
}

} // namespace clawloops::orchestrator
