// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/budget_rule.h"

#include "model/price.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <optional>

namespace clawloops::model {
namespace {

constexpr std::array<std::string_view, 4> scopes{"person", "group", "route", "all"};
constexpr std::array<std::string_view, 2> units{"money", "tokens"};
constexpr std::array<std::string_view, 4> windows{"day", "week", "month", "run"};

template <class E, std::size_t N> bool read(const std::array<std::string_view, N>& names, std::string_view name, E& into) {
    const auto at = std::find(names.begin(), names.end(), name);
    if (at == names.end())
        return false;
    into = static_cast<E>(at - names.begin());
    return true;
}

std::optional<int> digits(std::string_view text) {
    int value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    const bool digitsOnly = text.find_first_not_of("0123456789") == std::string_view::npos;
    return error == std::errc() && end == text.data() + text.size() && digitsOnly ? std::optional(value) : std::nullopt;
}

// "2026-11-26"
std::optional<std::chrono::sys_days> dayOf(std::string_view text) {
    if (text.size() != 10 || text[4] != '-' || text[7] != '-')
        return std::nullopt;
    const auto year = digits(text.substr(0, 4));
    const auto month = digits(text.substr(5, 2));
    const auto day = digits(text.substr(8, 2));
    if (!year || !month || !day)
        return std::nullopt;
    const std::chrono::year_month_day date{std::chrono::year(*year), std::chrono::month(static_cast<unsigned>(*month)),
                                           std::chrono::day(static_cast<unsigned>(*day))};
    const bool ours = *year >= 2000 && *year < 2200; // a clock's time cannot tell others
    return date.ok() && ours ? std::optional(std::chrono::sys_days(date)) : std::nullopt;
}

Error wrong(const gateway_verbs::Budget& budget, const std::string& what) {
    return Error{ErrorCode::InvalidRequest, "The budget \"" + budget.id + "\" " + what, {}};
}

} // namespace

std::string_view nameOf(BudgetScope scope) {
    return scopes[static_cast<std::size_t>(scope)];
}

std::string_view nameOf(BudgetUnit unit) {
    return units[static_cast<std::size_t>(unit)];
}

std::string_view nameOf(BudgetWindow window) {
    return windows[static_cast<std::size_t>(window)];
}

WindowSpan windowAt(BudgetWindow window, WallTime now) {
    using namespace std::chrono;
    const sys_days today = floor<days>(now);
    switch (window) {
    case BudgetWindow::Day: return {today, today + days(1)};
    case BudgetWindow::Week: {
        const sys_days monday = today - (weekday(today) - Monday);
        return {monday, monday + days(7)};
    }
    case BudgetWindow::Month: {
        const year_month_day date(today);
        const year_month month = date.year() / date.month();
        return {sys_days(month / 1), sys_days((month + months(1)) / 1)};
    }
    case BudgetWindow::Run: break;
    }
    return {WallTime::min(), WallTime::max()};
}

std::int64_t BudgetRule::limitAt(WallTime now) const {
    std::int64_t raised = limit;
    if (raisedBy > 0 && std::chrono::floor<std::chrono::days>(now) == raisedOn && __builtin_add_overflow(limit, raisedBy, &raised))
        return std::numeric_limits<std::int64_t>::max();
    return raised;
}

Result<BudgetRule> budgetRuleOf(const gateway_verbs::Budget& budget) {
    BudgetRule rule{.id = budget.id, .name = budget.name, .subject = budget.subject, .limit = budget.limit, .raisedBy = budget.raisedBy};
    if (!read(scopes, budget.scope, rule.scope))
        return wrong(budget, "has the scope \"" + budget.scope + "\"; it is person, group, route or all.");
    if (!read(units, budget.unit, rule.unit))
        return wrong(budget, "has the unit \"" + budget.unit + "\"; it is money or tokens.");
    if (!read(windows, budget.window, rule.window))
        return wrong(budget, "has the window \"" + budget.window + "\"; it is day, week, month or run.");
    if (budget.limit < 0 || budget.raisedBy < 0)
        return wrong(budget, "has a negative limit.");
    if (rule.scope == BudgetScope::All && !budget.subject.empty())
        return wrong(budget, "is for all and names one.");
    if (budget.raisedOn.empty()) {
        rule.raisedBy = 0;
        return rule;
    }
    const auto day = dayOf(budget.raisedOn);
    if (!day)
        return wrong(budget, "is raised on \"" + budget.raisedOn + "\", which is no day like 2026-11-26.");
    rule.raisedOn = *day;
    return rule;
}

std::string amountText(BudgetUnit unit, std::int64_t amount) {
    return unit == BudgetUnit::Money ? moneyText(amount) : std::to_string(amount) + " tokens";
}

RefusalReason BudgetRefusal::reason(WallTime now) const {
    RefusalReason reason;
    reason.kind = Refusal::BudgetSpent;
    reason.rule = "budget";
    reason.numbers = {{"budget", id},
                      {"scope", std::string(nameOf(scope))},
                      {"subject", subject},
                      {"unit", std::string(nameOf(unit))},
                      {"window", std::string(nameOf(window))},
                      {"limit", limit},
                      {"spent", spent},
                      {"reserved", reserved},
                      {"asked", asked}};
    const std::string which = "The budget \"" + (name.empty() ? id : name) + "\"";
    if (unknownPrice) {
        reason.kind = Refusal::UnknownPrice;
        reason.rule = "unknown_price";
        reason.sentence = which + " is in money, and this model has no price here, so nobody can say what the request would cost.";
        reason.change = "An admin sets the price of the model's target on the Models page.";
        return reason;
    }
    const std::string left = amountText(unit, std::max<std::int64_t>(0, limit - std::min(limit, spent)));
    reason.sentence = which + " allows " + amountText(unit, limit) + " a " + std::string(nameOf(window)) + "; " + left + " is left" +
                      (reserved > 0 ? ", " + amountText(unit, reserved) + " of it set aside for requests under way" : "") +
                      ", and this one may take " + amountText(unit, asked) + ".";
    if (window != BudgetWindow::Run) {
        reason.sentence += " It begins anew on " + toRfc3339(resetsAt).substr(0, 10) + ", 00:00 UTC.";
        reason.numbers.push_back({"resetsAt", toRfc3339(resetsAt)});
        reason.retryAfter = std::chrono::ceil<std::chrono::milliseconds>(std::max(WallTime::duration::zero(), resetsAt - now));
    }
    reason.change = "An admin raises the budget for today, or changes its limit, on the Usage page.";
    return reason;
}

} // namespace clawloops::model
