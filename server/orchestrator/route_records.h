// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "store/connection.h"
#include "wire/api_types.h"

#include <string>
#include <vector>

// Routes as the database holds them. Each runs in its caller's transaction on a store thread.
namespace clawloops::orchestrator {

[[nodiscard]] Result<std::vector<wire::Route>> loadRoutes(store::Transaction& tx); // by position, then by name
[[nodiscard]] Result<wire::Route> loadRoute(store::Transaction& tx, const std::string& modelId); // ModelNotFound; locks it
// InvalidRequest: a person or a credential whom there is not. Conflict (RuntimeActionConflict): the name is taken.
[[nodiscard]] Status insertRoute(store::Transaction& tx, const wire::Route& route);
[[nodiscard]] Status updateRoute(store::Transaction& tx, const wire::Route& route); // the name stays
// RuntimeActionConflict: a budget or a limit is of this route.
[[nodiscard]] Status deleteRoute(store::Transaction& tx, const std::string& modelId);

} // namespace clawloops::orchestrator
