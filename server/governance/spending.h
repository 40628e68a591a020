// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "store/connection.h"
#include "wire/gateway_verbs.h"

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// What budgets say and what was spent of them, for jobs on store threads. Windows are UTC's, as in model/budget_rule.h: a day from
// 00:00, a week from Monday, a month from the 1st. What a run has spent only the gateway knows.
namespace clawloops::governance {

// Every budget, with `spent` or, where its subject is empty, `spentBy` of everybody who spent anything, in the window that is now.
// `budgetId` empty: all, in the order they were made.
[[nodiscard]] Result<std::vector<gateway_verbs::Budget>> readBudgetsSpent(store::Transaction& tx, const std::string& budgetId = {});
[[nodiscard]] Result<std::vector<gateway_verbs::Limit>> readLimitsOf(store::Transaction& tx);
[[nodiscard]] Result<gateway_verbs::Brake> readBrakeSettings(store::Transaction& tx);

// The part of the gateway's configuration that says how much may be used. An orchestrator::ConfigurationPart.
[[nodiscard]] Status readBudgets(store::Transaction& tx, gateway_verbs::Configuration& into);

} // namespace clawloops::governance
