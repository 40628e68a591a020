// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "governance/spending.h"

#include <algorithm>
#include <array>

namespace clawloops::governance {

namespace {

// Of one person, group, route, or of everybody (key ""): by window, money and tokens.
struct Spent {
    std::array<std::int64_t, 3> nanos{}; // day, week, month
    std::array<std::int64_t, 3> tokens{};
};
using SpentOf = std::map<std::string, Spent>; // by key
using Spending = std::map<std::string, SpentOf>; // by scope

constexpr std::string_view windows = R"(
SELECT CASE dimension WHEN 'user' THEN 'person' ELSE dimension END, key,
       sum(cost_nanos) FILTER (WHERE day = current_date)::bigint, sum(cost_nanos) FILTER (WHERE day >= date_trunc('week', current_date))::bigint,
       sum(cost_nanos) FILTER (WHERE day >= date_trunc('month', current_date))::bigint,
       sum(tokens) FILTER (WHERE day = current_date)::bigint, sum(tokens) FILTER (WHERE day >= date_trunc('week', current_date))::bigint,
       sum(tokens) FILTER (WHERE day >= date_trunc('month', current_date))::bigint
FROM (
    SELECT dimension, key, day, cost_nanos, prompt_tokens + completion_tokens AS tokens FROM usage_sums
    WHERE dimension IN ('all', 'user', 'route') AND day BETWEEN least(date_trunc('week', current_date), date_trunc('month', current_date))::date AND current_date
) AS sums
GROUP BY 1, 2)";

Result<Spending> readSpending(store::Transaction& tx) {
    auto rows = tx.query(windows);
    if (!rows)
        return rows.error();
    Spending spending;
    for (const store::Row& row : *rows) {
        Spent& spent = spending[row.text(0)][row.text(1)];
        for (std::size_t i = 0; i < 3; ++i) {
            spent.nanos[i] = row.integer(2 + i);
            spent.tokens[i] = row.integer(5 + i);
        }
    }
    auto members = tx.query("SELECT group_id, user_id FROM group_members");
    if (!members)
        return members.error();
    const SpentOf& people = spending["person"];
    for (const store::Row& row : *members) {
        const auto person = people.find(row.text(1));
        if (person == people.end())
            continue;
        Spent& group = spending["group"][row.text(0)];
        for (std::size_t i = 0; i < 3; ++i) {
            group.nanos[i] += person->second.nanos[i];
            group.tokens[i] += person->second.tokens[i];
        }
    }
    return spending;
}

std::int64_t amountOf(const gateway_verbs::Budget& budget, const Spent& spent) {
    const std::size_t window = budget.window == "day" ? 0 : budget.window == "week" ? 1 : 2;
    return budget.unit == "money" ? spent.nanos[window] : spent.tokens[window];
}

void fill(gateway_verbs::Budget& budget, const Spending& spending) {
    const auto scope = spending.find(budget.scope);
    if (budget.window == "run" || scope == spending.end())
        return;
    if (budget.subject.empty() && budget.scope != "all") {
        for (const auto& [subject, spent] : scope->second)
            if (const std::int64_t amount = amountOf(budget, spent); amount > 0)
                budget.spentBy[subject] = amount;
        return;
    }
    if (const auto found = scope->second.find(budget.subject); found != scope->second.end())
        budget.spent = amountOf(budget, found->second);
}

} // namespace

Result<std::vector<gateway_verbs::Budget>> readBudgetsSpent(store::Transaction& tx, const std::string& budgetId) {
    auto rows = tx.query("SELECT id, name, scope, subject, unit, span, amount, coalesce(raised_on::text, ''), raised_by FROM budgets"
                         " WHERE $1 = '' OR id = $1 ORDER BY created_at, id",
                         {budgetId});
    if (!rows)
        return rows.error();
    std::vector<gateway_verbs::Budget> budgets;
    if (rows->empty())
        return budgets; // and nothing has to be summed
    auto spending = readSpending(tx);
    if (!spending)
        return spending.error();
    for (const store::Row& row : *rows) {
        gateway_verbs::Budget budget{row.text(0), row.text(1), row.text(2), row.text(3), row.text(4), row.text(5),
                                     row.integer(6), row.text(7), row.integer(8), 0, {}};
        fill(budget, *spending);
        budgets.push_back(std::move(budget));
    }
    return budgets;
}

Result<std::vector<gateway_verbs::Limit>> readLimitsOf(store::Transaction& tx) {
    auto rows = tx.query("SELECT scope, subject, requests_per_minute, tokens_per_minute, streams FROM limits ORDER BY scope, subject");
    if (!rows)
        return rows.error();
    std::vector<gateway_verbs::Limit> limits;
    for (const store::Row& row : *rows)
        limits.push_back({row.text(0), row.text(1), row.integer(2), row.integer(3), row.integer(4)});
    return limits;
}

Result<gateway_verbs::Brake> readBrakeSettings(store::Transaction& tx) {
    auto rows = tx.query("SELECT value::text FROM settings WHERE key = 'brake'");
    if (!rows)
        return rows.error();
    if (rows->empty())
        return gateway_verbs::Brake{};
    auto stored = parseObject(rows->front().text(0));
    if (!stored)
        return stored.error();
    return gateway_verbs::brakeFromJson(*stored);
}

Status readBudgets(store::Transaction& tx, gateway_verbs::Configuration& into) {
    auto budgets = readBudgetsSpent(tx);
    if (!budgets)
        return budgets.error();
    auto limits = readLimitsOf(tx);
    if (!limits)
        return limits.error();
    auto brake = readBrakeSettings(tx);
    if (!brake)
        return brake.error();
    into.budgets = std::move(*budgets);
    into.limits = std::move(*limits);
    into.brake = *brake;
    return {};
}

} // namespace clawloops::governance
