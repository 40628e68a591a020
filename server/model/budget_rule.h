// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/clock.h"
#include "base/result.h"
#include "model/refusal_reason.h"
#include "wire/gateway_configuration.h"

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

// What a budget says, as values; who spends is the ledger's (model/budget_ledger.h).
namespace clawloops::model {

enum class BudgetScope { Person, Group, Route, All };
enum class BudgetUnit { Money, Tokens };
enum class BudgetWindow { Day, Week, Month, Run };
[[nodiscard]] std::string_view nameOf(BudgetScope scope); // as in `configure`: "person"
[[nodiscard]] std::string_view nameOf(BudgetUnit unit);
[[nodiscard]] std::string_view nameOf(BudgetWindow window);

// From `begins`, inclusive, to `ends`, exclusive; all UTC.
// | window | begins                         |
// |--------|--------------------------------|
// | day    | 00:00                          |
// | week   | Monday (ISO 8601), 00:00       |
// | month  | the 1st, 00:00                 |
// | run    | always was, never ends         |
struct WindowSpan {
    WallTime begins;
    WallTime ends;
};
[[nodiscard]] WindowSpan windowAt(BudgetWindow window, WallTime now);

struct BudgetRule {
    std::string id;
    std::string name;
    BudgetScope scope = BudgetScope::All;
    std::string subject; // empty: each separately
    BudgetUnit unit = BudgetUnit::Money;
    BudgetWindow window = BudgetWindow::Day;
    std::int64_t limit = 0;
    std::chrono::sys_days raisedOn{}; // the one day on which raisedBy counts
    std::int64_t raisedBy = 0;

    [[nodiscard]] std::int64_t limitAt(WallTime now) const;
};
// Refuses unknown words, a negative limit, a subject for all, and a day that is none.
[[nodiscard]] Result<BudgetRule> budgetRuleOf(const gateway_verbs::Budget& budget);

// "$1.20" or "1200 tokens".
[[nodiscard]] std::string amountText(BudgetUnit unit, std::int64_t amount);

struct BudgetRefusal {
    std::string id;
    std::string name;
    BudgetScope scope = BudgetScope::All;
    std::string subject;
    BudgetUnit unit = BudgetUnit::Money;
    BudgetWindow window = BudgetWindow::Day;
    std::int64_t limit = 0; // with what it is raised by today
    std::int64_t spent = 0;
    std::int64_t reserved = 0; // by others under way
    std::int64_t asked = 0;
    bool unknownPrice = false; // it is in money, and nobody knows what the request would cost
    WallTime resetsAt{}; // run: the epoch

    [[nodiscard]] RefusalReason reason(WallTime now) const;
};

} // namespace clawloops::model
