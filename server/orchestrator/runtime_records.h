// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "orchestrator/runtime.h"
#include "store/audit_log.h"
#include "store/connection.h"

#include <optional>
#include <string>
#include <vector>

// SQL of the runtimes and their tasks, for jobs on store threads.
namespace clawloops::orchestrator {

// `condition` is ours ("r.user_id = $1", "" for all), ordered by username.
[[nodiscard]] Result<std::vector<Runtime>> loadRuntimes(store::Transaction& tx, std::string_view condition, const std::vector<store::Param>& params);
[[nodiscard]] Result<wire::Task> loadTask(store::Transaction& tx, const std::string& taskId, const std::string& ownerUserId);

// What a user asks for: Orchestrator's table. Makes the row when it is the first start.
struct Request {
    std::string userId;
    DesiredState desired = DesiredState::Running;
    bool wipe = false;
    std::string image;
    store::Actor actor;
    WallTime now;
};
[[nodiscard]] Result<Runtime> writeRequest(store::Transaction& tx, const Request& request);

// What the reconciler found out or did: everything but the wish. When another task was asked for since `runtime` was read (answer
// false) only what is true of the container whatever is wanted (spec, token) is written: the next look sees the rest.
[[nodiscard]] Result<bool> writeObserved(store::Transaction& tx, const Runtime& runtime, const std::string& readWithTask);

// A start's own: the new token and what the container is made of, before anything starts.
[[nodiscard]] Status writeToken(store::Transaction& tx, const std::string& runtimeId, const std::string& tokenHash, const std::string& inputs,
                                const std::string& image);

} // namespace clawloops::orchestrator
