// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "governance/budget_view.h"

#include "governance/spending.h"

#include <algorithm>
#include <chrono>
#include <set>

namespace clawloops::governance {

namespace {

using gateway_verbs::BudgetState;

std::string resetsAt(const std::string& window, WallTime now) {
    const auto today = std::chrono::floor<std::chrono::days>(now);
    const std::chrono::year_month_day date(today);
    if (window == "day")
        return toRfc3339(today + std::chrono::days(1));
    if (window == "week")
        return toRfc3339(today + std::chrono::days(7) - (std::chrono::weekday(today) - std::chrono::Monday));
    if (window == "month")
        return toRfc3339(std::chrono::sys_days((date.year() / date.month() + std::chrono::months(1)) / 1));
    return {};
}

bool isEach(const gateway_verbs::Budget& budget) { return budget.subject.empty() && budget.scope != "all"; }

wire::Budget bare(const gateway_verbs::Budget& budget, WallTime now) {
    wire::Budget view;
    view.budgetId = budget.id;
    view.name = budget.name;
    view.scope = budget.scope;
    view.subject = budget.subject;
    view.unit = budget.unit;
    view.window = budget.window;
    view.limit = budget.limit;
    view.raisedOn = budget.raisedOn;
    view.raisedBy = budget.raisedBy;
    view.resetsAt = resetsAt(budget.window, now);
    return view;
}

// The figures of one subject of a budget. A state of an only subject is that subject's, whatever it is called.
void fill(wire::Budget& view, const gateway_verbs::Budget& budget, const std::string& subject, const BudgetStates& states) {
    const auto live = std::find_if(states.begin(), states.end(), [&](const BudgetState& state) {
        return state.id == budget.id && (!isEach(budget) || state.subject == subject);
    });
    if (live != states.end()) {
        view.spent = live->spent;
        view.reserved = live->reserved;
    } else if (isEach(budget)) {
        const auto stored = budget.spentBy.find(subject);
        view.spent = stored == budget.spentBy.end() ? 0 : stored->second;
    } else {
        view.spent = budget.spent;
    }
}

std::string dearestSubject(const gateway_verbs::Budget& budget, const BudgetStates& states) {
    std::string subject;
    std::int64_t most = 0;
    const auto consider = [&](const std::string& one, std::int64_t spent) {
        if (spent > most) {
            subject = one;
            most = spent;
        }
    };
    bool live = false;
    for (const BudgetState& state : states)
        if (state.id == budget.id) {
            consider(state.subject, state.spent + state.reserved);
            live = true;
        }
    if (!live)
        for (const auto& [one, spent] : budget.spentBy)
            consider(one, spent);
    return subject;
}

Result<std::string> nameOf(store::Transaction& tx, const std::string& scope, const std::string& subject) {
    if (subject.empty() || scope == "route")
        return subject;
    auto rows = scope == "person" ? tx.query("SELECT username FROM users WHERE id = $1", {subject})
                                  : tx.query("SELECT name FROM groups WHERE id = $1", {subject});
    if (!rows)
        return rows.error();
    return rows->empty() ? subject : rows->front().text(0);
}

} // namespace

Result<std::vector<wire::Budget>> viewBudgets(store::Transaction& tx, const std::string& budgetId, const BudgetStates& states, WallTime now) {
    auto budgets = readBudgetsSpent(tx, budgetId);
    if (!budgets)
        return budgets.error();
    std::vector<wire::Budget> views;
    for (const gateway_verbs::Budget& budget : *budgets) {
        wire::Budget view = bare(budget, now);
        const std::string subject = isEach(budget) ? dearestSubject(budget, states) : budget.subject;
        fill(view, budget, subject, states);
        auto spender = nameOf(tx, budget.scope, subject);
        if (!spender)
            return spender.error();
        view.spender = std::move(*spender);
        views.push_back(std::move(view));
    }
    return views;
}

Result<wire::Quota> viewQuota(store::Transaction& tx, const std::string& userId, const BudgetStates& states,
                              const std::vector<gateway_verbs::BrakeState>& braked, WallTime now) {
    auto person = tx.query("SELECT frozen FROM users WHERE id = $1", {userId});
    if (!person)
        return person.error();
    if (person->empty())
        return Error{ErrorCode::UserNotFound, "There is no such user.", {}};
    auto memberships = tx.query("SELECT group_id FROM group_members WHERE user_id = $1", {userId});
    if (!memberships)
        return memberships.error();
    std::set<std::string> groups;
    for (const store::Row& row : *memberships)
        groups.insert(row.text(0));
    auto all = tx.query("SELECT value->>'sentence' FROM settings WHERE key = 'frozen_all'");
    if (!all)
        return all.error();
    auto budgets = readBudgetsSpent(tx);
    if (!budgets)
        return budgets.error();
    auto limits = readLimitsOf(tx);
    if (!limits)
        return limits.error();

    wire::Quota quota;
    for (const gateway_verbs::Budget& budget : *budgets) {
        std::set<std::string> subjects;
        if (budget.scope == "person" && (budget.subject.empty() || budget.subject == userId))
            subjects.insert(userId);
        else if (budget.scope == "group" && budget.subject.empty())
            subjects = groups;
        else if (budget.scope == "all" || (budget.scope == "group" && groups.contains(budget.subject)))
            subjects.insert(budget.subject);
        for (const std::string& subject : subjects) {
            wire::Budget view = bare(budget, now);
            view.subject = budget.scope == "all" ? std::string() : subject;
            fill(view, budget, subject, states);
            quota.items.push_back(std::move(view));
        }
    }
    const bool hasOwn = std::any_of(limits->begin(), limits->end(), [&](const auto& limit) { return limit.scope == "person" && limit.subject == userId; });
    for (const gateway_verbs::Limit& limit : *limits)
        if (limit.scope == "person" && (limit.subject == userId || (limit.subject.empty() && !hasOwn)))
            quota.limits.push_back({limit.scope, limit.subject, limit.requestsPerMinute, limit.tokensPerMinute, limit.streams});
    for (const gateway_verbs::BrakeState& state : braked)
        if (state.user == userId && state.state == "held")
            quota.held = state.sentence;
    if (!person->front().text(0).empty())
        quota.held = person->front().text(0);
    if (!all->empty())
        quota.held = all->front().text(0);
    return quota;
}

} // namespace clawloops::governance
