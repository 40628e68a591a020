// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "orchestrator/runtime_records.h"

#include "base/random.h"
#include "orchestrator/task_steps.h"

namespace clawloops::orchestrator {

namespace {

constexpr std::string_view runtimeQuery =
    "SELECT r.id, r.user_id, u.username, u.status, r.cell_id, r.volume_id, r.slot, r.image, r.desired, r.observed, r.since, r.wipe, r.held,"
    " r.spec, r.inputs, r.token_hash IS NOT NULL, r.last_error,"
    " t.id, t.runtime_id, t.action, t.state, t.created_at, t.finished_at, t.error_code, t.error_message, t.steps::text"
    " FROM runtimes r JOIN users u ON u.id = r.user_id LEFT JOIN tasks t ON t.id = r.task_id ";
constexpr std::size_t firstTaskColumn = 17;
constexpr std::string_view overtaken = "Ended because something else is wanted now.";

json::array toJson(const std::vector<wire::TaskStep>& steps) {
    json::array list;
    for (const wire::TaskStep& step : steps)
        list.emplace_back(wire::toJson(step));
    return list;
}

wire::Task taskOf(const store::Row& row, std::size_t first) {
    wire::Task task;
    task.taskId = row.text(first);
    task.runtimeId = row.text(first + 1);
    task.action = row.text(first + 2);
    task.state = row.text(first + 3);
    task.createdAt = toRfc3339(row.time(first + 4));
    if (!row.isNull(first + 5))
        task.finishedAt = toRfc3339(row.time(first + 5));
    if (!row.isNull(first + 6))
        task.error = wire::TaskError{row.text(first + 6), row.text(first + 7)};
    if (auto steps = parseObject("{\"items\":" + row.text(first + 8) + "}"))
        if (auto list = wire::listFromJson<wire::TaskStep>(*steps))
            task.steps = std::move(*list);
    return task;
}

Runtime runtimeOf(const store::Row& row) {
    Runtime runtime;
    runtime.id = row.text(0);
    runtime.userId = row.text(1);
    runtime.username = row.text(2);
    runtime.userDisabled = row.text(3) != "active";
    runtime.cellId = row.text(4);
    runtime.volumeId = row.text(5);
    runtime.slot = row.integer(6);
    runtime.image = row.text(7);
    runtime.desired = desiredFromName(row.text(8)).value_or(DesiredState::Stopped);
    runtime.observed = observedFromName(row.text(9)).value_or(ObservedState::Error);
    runtime.since = row.time(10);
    runtime.wipe = row.flag(11);
    runtime.held = row.flag(12);
    runtime.spec = row.text(13);
    runtime.inputs = row.text(14);
    runtime.hasToken = row.flag(15);
    runtime.lastError = row.optionalText(16);
    if (!row.isNull(firstTaskColumn))
        runtime.task = taskOf(row, firstTaskColumn);
    return runtime;
}

Status writeTask(store::Transaction& tx, const wire::Task& task, const std::string& userId) {
    return tx.exec("INSERT INTO tasks (id, runtime_id, user_id, action, state, created_at, finished_at, error_code, error_message, steps)"
                   " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (id) DO UPDATE SET state = $5, finished_at = $7,"
                   " error_code = $8, error_message = $9, steps = $10",
                   {task.taskId, task.runtimeId, userId, task.action, task.state, task.createdAt, task.finishedAt,
                    task.error ? std::optional(task.error->code) : std::nullopt, task.error ? std::optional(task.error->message) : std::nullopt,
                    json::serialize(toJson(task.steps))});
}

Result<Runtime> loadOne(store::Transaction& tx, const std::string& userId, bool lock) {
    if (lock)
        if (Status locked = tx.exec("SELECT 1 FROM runtimes WHERE user_id = $1 FOR UPDATE", {userId}); !locked)
            return locked.error();
    auto found = loadRuntimes(tx, "r.user_id = $1", {userId});
    if (!found)
        return found.error();
    if (found->empty())
        return Error{ErrorCode::RuntimeNotFound, "There is no workspace yet. Start it first.", {}};
    return std::move(found->front());
}

Status makeRow(store::Transaction& tx, const Request& request) {
    // One at a time, so that two users never get the same slot.
    if (Status locked = tx.exec("SELECT pg_advisory_xact_lock(4993118014)"); !locked)
        return locked;
    return tx.exec("INSERT INTO runtimes (id, user_id, cell_id, volume_id, slot, image, desired, observed, since)"
                   " SELECT $1, $2, $3, $4, coalesce((SELECT min(s) FROM generate_series(0, (SELECT count(*) FROM runtimes)) s"
                   " WHERE s NOT IN (SELECT slot FROM runtimes)), 0), $5, 'stopped', 'stopped', $6::timestamptz ON CONFLICT (user_id) DO NOTHING",
                   {randomId("run_"), request.userId, "c" + randomHex(12), randomId("vol_"), request.image, request.now});
}

bool isThereAlready(const Runtime& runtime, DesiredState desired) {
    switch (desired) {
    case DesiredState::Running: return runtime.observed == ObservedState::Running || runtime.observed == ObservedState::Paused;
    case DesiredState::Stopped: return runtime.observed == ObservedState::Stopped;
    case DesiredState::Deleted: return runtime.observed == ObservedState::Deleted;
    }
    return false;
}

std::string_view actionFor(DesiredState desired) {
    return desired == DesiredState::Running ? "start" : desired == DesiredState::Stopped ? "stop" : "delete";
}

// The task that this wish gets: the one under way when it is the same wish, else a new one, done at once when there is
// nothing to do.
wire::Task taskFor(Runtime& runtime, const Request& request) {
    const std::string_view action = actionFor(request.desired);
    if (runtime.task && isOpen(*runtime.task) && runtime.task->action == action && runtime.desired == request.desired)
        return *runtime.task;
    wire::Task task = newTask(runtime.id, action, request.now);
    if (isThereAlready(runtime, request.desired) && runtime.desired == request.desired)
        succeed(task, request.now);
    return task;
}

} // namespace

Result<std::vector<Runtime>> loadRuntimes(store::Transaction& tx, std::string_view condition, const std::vector<store::Param>& params) {
    auto rows = tx.query(std::string(runtimeQuery) + (condition.empty() ? "" : "WHERE " + std::string(condition)) + " ORDER BY u.username", params);
    if (!rows)
        return rows.error();
    std::vector<Runtime> runtimes;
    for (const store::Row& row : *rows)
        runtimes.push_back(runtimeOf(row));
    return runtimes;
}

Result<wire::Task> loadTask(store::Transaction& tx, const std::string& taskId, const std::string& ownerUserId) {
    auto rows = tx.query("SELECT id, runtime_id, action, state, created_at, finished_at, error_code, error_message, steps::text FROM tasks"
                         " WHERE id = $1 AND ($2 = '' OR user_id = $2)",
                         {taskId, ownerUserId});
    if (!rows)
        return rows.error();
    if (rows->empty())
        return Error{ErrorCode::NotFound, "There is no such task.", {}};
    return taskOf(rows->front(), 0);
}

Result<Runtime> writeRequest(store::Transaction& tx, const Request& request) {
    if (request.desired == DesiredState::Running)
        if (Status made = makeRow(tx, request); !made)
            return made.error();
    auto found = loadOne(tx, request.userId, true);
    if (!found)
        return found;
    Runtime runtime = std::move(*found);
    if (request.desired == DesiredState::Running && runtime.userDisabled)
        return Error{ErrorCode::UserDisabled, "This account is disabled, so its workspace stays stopped.", {}};
    const bool deleting = runtime.desired == DesiredState::Deleted && runtime.observed != ObservedState::Deleted;
    if (request.desired != DesiredState::Deleted && deleting)
        return Error{ErrorCode::RuntimeActionConflict, "The workspace is being deleted. Wait until that is done.", {}};
    if (request.desired == DesiredState::Stopped && runtime.observed == ObservedState::Deleted)
        return Error{ErrorCode::RuntimeActionConflict, "The workspace was deleted, so there is nothing to stop.", {}};

    wire::Task task = taskFor(runtime, request);
    const bool isNew = !runtime.task || runtime.task->taskId != task.taskId;
    if (isNew && runtime.task && isOpen(*runtime.task)) {
        // Overtaken by what its owner wants now.
        fail(*runtime.task, "RUNTIME_ACTION_CONFLICT", overtaken, request.now);
        if (Status written = writeTask(tx, *runtime.task, request.userId); !written)
            return written.error();
    }
    if (Status written = writeTask(tx, task, request.userId); !written)
        return written.error();
    runtime.desired = request.desired;
    runtime.held = false;
    if (request.desired == DesiredState::Deleted)
        runtime.wipe = request.wipe;
    else if (request.desired == DesiredState::Running)
        runtime.wipe = false;
    if (isOpen(task) && request.desired == DesiredState::Running && runtime.observed != ObservedState::Creating) {
        if (runtime.observed == ObservedState::Deleted)
            runtime.volumeId = randomId("vol_");
        runtime.observed = ObservedState::Creating;
        runtime.since = request.now;
        runtime.lastError.reset();
    }
    runtime.task = task;
    Status changed = tx.exec("UPDATE runtimes SET desired = $2, held = false, wipe = $3, observed = $4, since = $5, last_error = $6, task_id = $7,"
                             " volume_id = $8 WHERE id = $1",
                             {runtime.id, name(runtime.desired), runtime.wipe, name(runtime.observed), runtime.since, runtime.lastError, task.taskId,
                              runtime.volumeId});
    if (changed && isNew)
        changed = store::appendAudit(tx, request.actor, "runtime." + std::string(actionFor(request.desired)), runtime.id,
                                     {{"username", runtime.username}, {"wipe", runtime.wipe}});
    if (!changed)
        return changed.error();
    return runtime;
}

Result<bool> writeObserved(store::Transaction& tx, const Runtime& runtime, const std::string& readWithTask) {
    auto rows = tx.query("SELECT coalesce(task_id, '') FROM runtimes WHERE id = $1 FOR UPDATE", {runtime.id});
    if (!rows)
        return rows.error();
    if (rows->empty())
        return false;
    Status facts = tx.exec("UPDATE runtimes SET spec = $2, token_hash = CASE WHEN $3 THEN token_hash END WHERE id = $1",
                           {runtime.id, runtime.spec, runtime.hasToken});
    if (!facts)
        return facts.error();
    if (rows->front().text(0) != readWithTask)
        return false;
    if (runtime.task) {
        Status written = writeTask(tx, *runtime.task, runtime.userId);
        // A task that this one took the place of has ended.
        if (written)
            written = tx.exec("UPDATE tasks SET state = 'failed', finished_at = now(), error_code = 'RUNTIME_ACTION_CONFLICT', error_message = $3"
                              " WHERE runtime_id = $1 AND id <> $2 AND state IN ('pending', 'running')",
                              {runtime.id, runtime.task->taskId, overtaken});
        if (!written)
            return written.error();
    }
    Status changed = tx.exec("UPDATE runtimes SET observed = $2, since = $3, held = $4, last_error = $5, task_id = $6, image = $7"
                             " WHERE id = $1",
                             {runtime.id, name(runtime.observed), runtime.since, runtime.held, runtime.lastError,
                              runtime.task ? std::optional(runtime.task->taskId) : std::nullopt, runtime.image});
    if (!changed)
        return changed.error();
    return true;
}

Status writeToken(store::Transaction& tx, const std::string& runtimeId, const std::string& tokenHash, const std::string& inputs,
                  const std::string& image) {
    return tx.exec("UPDATE runtimes SET token_hash = $2, inputs = $3, image = $4, spec = '' WHERE id = $1", {runtimeId, tokenHash, inputs, image});
}

} // namespace clawloops::orchestrator
