// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/clock.h"
#include "base/result.h"
#include "store/connection.h"
#include "wire/budget_types.h"
#include "wire/gateway_queries.h"
#include "wire/gateway_verbs.h"

#include <string>
#include <vector>

// Budgets as people see them, for jobs on store threads: what is kept, with what the gateway says is spent and reserved at this moment
// (`states`; empty while it is away: then what was stored).
namespace clawloops::governance {

using BudgetStates = std::vector<gateway_verbs::BudgetState>;

// `budgetId` empty: all, in the order they were made.
[[nodiscard]] Result<std::vector<wire::Budget>> viewBudgets(store::Transaction& tx, const std::string& budgetId, const BudgetStates& states, WallTime now);

// What applies to one person, each with their own figures and without anybody's name. UserNotFound.
[[nodiscard]] Result<wire::Quota> viewQuota(store::Transaction& tx, const std::string& userId, const BudgetStates& states,
                                            const std::vector<gateway_verbs::BrakeState>& braked, WallTime now);

} // namespace clawloops::governance
