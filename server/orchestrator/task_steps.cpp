// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "orchestrator/task_steps.h"

#include "base/random.h"

#include <algorithm>

namespace clawloops::orchestrator {

namespace {

struct StepName {
    std::string_view name;
    std::string_view title;
};
constexpr StepName startSteps[] = {{"reserve", "Reserved"}, {"container", "Container"}, {"openclaw", "OpenClaw starting"}, {"ready", "Ready"}};
constexpr StepName stopSteps[] = {{"stop", "Stopping"}};
constexpr StepName deleteSteps[] = {{"remove", "Removing"}};

template <std::size_t N> void addSteps(wire::Task& task, const StepName (&steps)[N]) {
    for (const StepName& step : steps)
        task.steps.push_back({std::string(step.name), std::string(step.title), "waiting", {}, {}, {}});
}

void end(wire::TaskStep& step, std::string_view state, WallTime now, WallTime startedAt) {
    step.state = state;
    step.durationMs = std::max<std::int64_t>(0, toUnixMillis(now) - toUnixMillis(startedAt));
    if (state == "done")
        step.sentence.reset();
}

// Our own texts, milliseconds and UTC always.
WallTime parseTime(const std::string& text) {
    int year = 0;
    unsigned month = 0;
    unsigned day = 0;
    int hour = 0;
    int minute = 0;
    double second = 0;
    if (std::sscanf(text.c_str(), "%d-%u-%uT%d:%d:%lfZ", &year, &month, &day, &hour, &minute, &second) != 6)
        return {};
    const std::chrono::sys_days date = std::chrono::year(year) / std::chrono::month(month) / std::chrono::day(day);
    return WallTime(date) + std::chrono::hours(hour) + std::chrono::minutes(minute) +
           std::chrono::milliseconds(static_cast<std::int64_t>(second * 1000 + 0.5));
}

wire::TaskStep* running(wire::Task& task) {
    const auto found = std::find_if(task.steps.begin(), task.steps.end(), [](const wire::TaskStep& step) { return step.state == "running"; });
    return found == task.steps.end() ? nullptr : &*found;
}

} // namespace

wire::Task newTask(const std::string& runtimeId, std::string_view action, WallTime now) {
    wire::Task task;
    task.taskId = randomId("tsk_");
    task.runtimeId = runtimeId;
    task.action = action;
    task.state = "pending";
    task.createdAt = toRfc3339(now);
    if (action == "start")
        addSteps(task, startSteps);
    else if (action == "stop")
        addSteps(task, stopSteps);
    else
        addSteps(task, deleteSteps);
    return task;
}

bool isOpen(const wire::Task& task) { return task.state == "pending" || task.state == "running"; }

void enterStep(wire::Task& task, std::string_view step, std::string_view sentence, WallTime now) {
    task.state = "running";
    const auto target = std::find_if(task.steps.begin(), task.steps.end(), [step](const wire::TaskStep& one) { return one.name == step; });
    for (auto one = task.steps.begin(); one != task.steps.end(); ++one) {
        if (one < target && one->state != "done") {
            if (!one->startedAt)
                one->startedAt = toRfc3339(now);
            end(*one, "done", now, parseTime(*one->startedAt));
        } else if (one > target) {
            *one = {one->name, one->title, "waiting", {}, {}, {}};
        }
    }
    if (target == task.steps.end())
        return;
    if (target->state != "running") {
        target->startedAt = toRfc3339(now);
        target->durationMs.reset();
    }
    target->state = "running";
    target->sentence = std::string(sentence);
}

void explainStep(wire::Task& task, std::string_view sentence) {
    if (wire::TaskStep* step = running(task))
        step->sentence = std::string(sentence);
}

std::string_view runningStep(const wire::Task& task) {
    const wire::TaskStep* step = running(const_cast<wire::Task&>(task));
    return step ? std::string_view(step->name) : std::string_view();
}

void succeed(wire::Task& task, WallTime now) {
    for (wire::TaskStep& step : task.steps)
        if (step.state != "done") {
            if (!step.startedAt)
                step.startedAt = toRfc3339(now);
            end(step, "done", now, parseTime(*step.startedAt));
        }
    task.state = "succeeded";
    task.finishedAt = toRfc3339(now);
    task.error.reset();
}

void fail(wire::Task& task, std::string_view code, std::string_view message, WallTime now) {
    if (wire::TaskStep* step = running(task)) {
        end(*step, "failed", now, parseTime(step->startedAt.value_or(toRfc3339(now))));
        step->sentence = std::string(message);
    }
    task.state = "failed";
    task.finishedAt = toRfc3339(now);
    task.error = wire::TaskError{std::string(code), std::string(message)};
}

} // namespace clawloops::orchestrator
