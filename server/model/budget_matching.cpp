// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/budget_ledger.h"

#include <algorithm>
#include <iterator>

// Which accounts a request belongs to. Apart from budget_ledger.cpp, which says what happens to them.
namespace clawloops::model {
namespace {

// What may not change if the spending of before is still to count.
std::string identityOf(const BudgetRule& rule) {
    return std::string(nameOf(rule.scope)).append(" ").append(nameOf(rule.unit)).append(" ").append(rule.id);
}

} // namespace

std::uint32_t BudgetLedger::numberOf(std::string_view name, TextMap<std::uint32_t>& numbers, std::deque<Named>& all) {
    if (const auto it = numbers.find(name); it != numbers.end())
        return it->second;
    const auto number = static_cast<std::uint32_t>(all.size());
    all.emplace_back().name = name;
    numbers.emplace(name, number);
    return number;
}

BudgetLedger::Account* BudgetLedger::account(std::size_t rule, const std::string& subject, WallTime now) {
    const auto [it, added] = m_accountOf.try_emplace(std::to_string(rule) + " " + subject);
    if (!added)
        return it->second;
    const gateway_verbs::Budget& baseline = m_spent[rule];
    const auto by = baseline.spentBy.find(subject);
    const bool separately = m_rules[rule].subject.empty() && m_rules[rule].scope != BudgetScope::All;
    const std::int64_t spent = !separately ? baseline.spent : by == baseline.spentBy.end() ? 0 : by->second;
    it->second = &m_accounts.emplace_back(Account{.rule = &m_rules[rule],
                                                  .subject = subject,
                                                  .spent = std::max<std::int64_t>(0, spent),
                                                  .window = windowAt(m_rules[rule].window, m_configuredAt)});
    roll(*it->second, now); // the baseline's window may have ended since
    return it->second;
}

void BudgetLedger::matchUser(Named& user, WallTime now) {
    user.accounts.clear();
    user.matched = true;
    for (std::size_t i = 0; i < m_rules.size(); ++i) {
        const BudgetRule& rule = m_rules[i];
        if (rule.window == BudgetWindow::Run)
            continue;
        if (rule.scope == BudgetScope::Person && (rule.subject.empty() || rule.subject == user.name))
            user.accounts.push_back(account(i, user.name, now));
        if (rule.scope == BudgetScope::Group) {
            for (const std::string& group : user.groups) {
                if (!rule.subject.empty() && rule.subject != group)
                    continue;
                Account* const one = account(i, group, now);
                if (std::ranges::find(user.accounts, one) == user.accounts.end())
                    user.accounts.push_back(one);
            }
        }
    }
}

void BudgetLedger::matchRoute(Named& route, WallTime now) {
    route.accounts.clear();
    route.matched = true;
    for (std::size_t i = 0; i < m_rules.size(); ++i) {
        const BudgetRule& rule = m_rules[i];
        if (rule.window != BudgetWindow::Run && rule.scope == BudgetScope::Route && (rule.subject.empty() || rule.subject == route.name))
            route.accounts.push_back(account(i, route.name, now));
    }
}

bool BudgetLedger::runMatches(const BudgetRule& rule, const Named& user, const Named& route) const {
    switch (rule.scope) {
    case BudgetScope::Person: return rule.subject.empty() || rule.subject == user.name;
    case BudgetScope::Group:
        return rule.subject.empty() ? !user.groups.empty() : std::ranges::find(user.groups, rule.subject) != user.groups.end();
    case BudgetScope::Route: return rule.subject.empty() || rule.subject == route.name;
    case BudgetScope::All: break;
    }
    return true;
}

void BudgetLedger::collect(std::uint32_t userNumber, std::uint32_t routeNumber, Run* run, WallTime now, Accounts& into) {
    into.clear();
    if (userNumber != none) {
        Named& user = m_users[userNumber];
        if (!user.matched)
            matchUser(user, now);
        into.insert(into.end(), user.accounts.begin(), user.accounts.end());
        into.insert(into.end(), m_all.begin(), m_all.end());
    }
    if (routeNumber != none) {
        Named& route = m_routes[routeNumber];
        if (!route.matched)
            matchRoute(route, now);
        into.insert(into.end(), route.accounts.begin(), route.accounts.end());
    }
    if (!run)
        return;
    const Named& user = m_users[userNumber];
    const Named& route = m_routes[routeNumber];
    for (const std::size_t index : m_runRules) {
        const BudgetRule& rule = m_rules[index];
        if (!runMatches(rule, user, route))
            continue;
        const bool byRoute = rule.scope == BudgetScope::Route;
        const auto same = [&](const auto& each) { return each->rule == &rule && (!byRoute || each->subject == route.name); };
        auto it = std::ranges::find_if(run->accounts, same);
        if (it == run->accounts.end()) {
            run->accounts.push_back(std::make_unique<Account>(Account{
                .rule = &rule, .subject = byRoute ? route.name : user.name, .window = windowAt(BudgetWindow::Run, now)}));
            run->ids.push_back(identityOf(rule));
            it = std::prev(run->accounts.end());
        }
        into.push_back(it->get());
    }
}

BudgetLedger::Run* BudgetLedger::runOf(std::string_view user, std::string_view traceId) {
    m_key.assign(traceId).append(user);
    if (const auto it = m_runOf.find(m_key); it != m_runOf.end()) {
        m_runs.splice(m_runs.begin(), m_runs, it->second);
        return &m_runs.front();
    }
    forgetRuns();
    m_runs.emplace_front().key = m_key;
    m_runOf.emplace(m_key, m_runs.begin());
    return &m_runs.front();
}

// Makes room for one. A run with requests under way is in use, whenever it was that they began.
void BudgetLedger::forgetRuns() {
    for (std::size_t looked = m_runs.size(); m_runs.size() >= maxRuns && looked > 0; --looked) {
        const auto last = std::prev(m_runs.end());
        if (last->inFlight > 0) {
            m_runs.splice(m_runs.begin(), m_runs, last);
            continue;
        }
        m_runOf.erase(last->key);
        m_runs.erase(last);
    }
}

// What runs spent outlives a configure; their rules are others now.
void BudgetLedger::relinkRuns() {
    TextMap<const BudgetRule*> rules;
    for (const std::size_t index : m_runRules)
        rules.emplace(identityOf(m_rules[index]), &m_rules[index]);
    for (Run& run : m_runs) {
        for (std::size_t i = run.accounts.size(); i-- > 0;) {
            const auto it = rules.find(run.ids[i]);
            if (it == rules.end()) {
                run.accounts.erase(run.accounts.begin() + static_cast<std::ptrdiff_t>(i));
                run.ids.erase(run.ids.begin() + static_cast<std::ptrdiff_t>(i));
                continue;
            }
            run.accounts[i]->rule = it->second;
            run.accounts[i]->reserved = 0;
        }
    }
}

} // namespace clawloops::model
