// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/budget_ledger.h"

#include <algorithm>
#include <limits>
#include <map>
#include <set>
#include <tuple>

namespace clawloops::model {
namespace {

constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();

std::int64_t plus(std::int64_t a, std::int64_t b) { // both at least 0
    std::int64_t sum = 0;
    return __builtin_add_overflow(a, b, &sum) ? most : sum;
}

bool isTraceId(std::string_view text) {
    return text.size() == 32 && text.find_first_not_of("0123456789abcdefABCDEF") == std::string_view::npos;
}

} // namespace

Reservation& Reservation::operator=(Reservation&& other) noexcept {
    if (this != &other) {
        refund();
        m_ledger = std::exchange(other.m_ledger, nullptr);
        m_slot = other.m_slot;
    }
    return *this;
}

void Reservation::refund() {
    if (m_ledger)
        std::exchange(m_ledger, nullptr)->release(m_slot);
}

std::int64_t BudgetLedger::State::left() const {
    return std::max<std::int64_t>(0, limit - std::min(limit, plus(spent, reserved)));
}

Result<void> BudgetLedger::configure(const gateway_verbs::Configuration& configuration, WallTime now) {
    std::vector<BudgetRule> rules;
    std::set<std::string_view> ids;
    for (const auto& budget : configuration.budgets) {
        auto rule = budgetRuleOf(budget);
        if (!rule)
            return rule.error();
        if (!ids.insert(budget.id).second)
            return Error{ErrorCode::InvalidRequest, "The budget \"" + budget.id + "\" is there twice.", {}};
        rules.push_back(std::move(*rule));
    }
    m_rules = std::move(rules);
    m_spent = configuration.budgets;
    m_configuredAt = now;
    m_baseline = configuration.baseline.spool == m_spool ? std::max(m_baseline, configuration.baseline.seq) : m_baseline;
    std::erase_if(m_bookings, [this](const Booking& booking) { return booking.seq <= m_baseline; });
    m_accounts.clear();
    m_accountOf.clear();
    m_all.clear();
    m_runRules.clear();
    for (std::size_t i = 0; i < m_rules.size(); ++i) {
        if (m_rules[i].window == BudgetWindow::Run)
            m_runRules.push_back(i);
        else if (m_rules[i].scope == BudgetScope::All)
            m_all.push_back(account(i, {}, now));
    }
    for (auto* named : {&m_users, &m_routes}) {
        for (Named& each : *named) {
            each.groups.clear();
            each.matched = false;
        }
    }
    for (const auto& person : configuration.people)
        m_users[numberOf(person.user, m_userNumbers, m_users)].groups = person.groups;
    for (const auto& route : configuration.routes)
        numberOf(route.name, m_routeNumbers, m_routes);
    for (Named& user : m_users)
        matchUser(user, now);
    for (Named& route : m_routes)
        matchRoute(route, now);
    for (std::size_t i = 0; i < m_rules.size(); ++i) { // also those whose subject was not heard of yet: they are shown
        if (m_rules[i].window != BudgetWindow::Run && !m_rules[i].subject.empty())
            account(i, m_rules[i].subject, now);
    }
    relinkRuns();
    for (Slot& slot : m_slots) {
        if (!slot.used)
            continue;
        collect(slot.user, slot.route, slot.run, now, slot.accounts);
        for (Account* each : slot.accounts)
            each->reserved = plus(each->reserved, each->rule->unit == BudgetUnit::Money ? slot.nanos : slot.tokens);
    }
    for (const Booking& booking : m_bookings) {
        collect(booking.user, booking.route, nullptr, now, m_found);
        addToAccounts(m_found, booking, false, now);
    }
    return {};
}

std::variant<Reservation, BudgetRefusal> BudgetLedger::reserve(const Request& request, WallTime now) {
    const std::uint32_t user = numberOf(request.user, m_userNumbers, m_users);
    const std::uint32_t route = numberOf(request.route, m_routeNumbers, m_routes);
    const std::int64_t tokens = std::max<std::int64_t>(0, request.tokens);
    const std::int64_t nanos = std::max<std::int64_t>(0, request.nanos.value_or(0));
    Run* run = m_runRules.empty() || !isTraceId(request.traceId) ? nullptr : runOf(request.user, request.traceId);
    collect(user, route, run, now, m_found);
    const auto askedOf = [&](const BudgetRule& rule) { return rule.unit == BudgetUnit::Money ? nanos : tokens; };
    for (Account* each : m_found) {
        roll(*each, now);
        const std::int64_t asked = askedOf(*each->rule);
        const bool unknown = each->rule->unit == BudgetUnit::Money && !request.nanos;
        if (unknown || (asked > 0 && asked > stateOf(*each, now).left()))
            return refusalOf(*each, asked, unknown, now);
    }
    if (!run) { // a run of its own
        for (const std::size_t index : m_runRules) {
            const BudgetRule& rule = m_rules[index];
            if (!runMatches(rule, m_users[user], m_routes[route]))
                continue;
            const bool unknown = rule.unit == BudgetUnit::Money && !request.nanos;
            if (unknown || askedOf(rule) > rule.limitAt(now))
                return refusalOf(Account{.rule = &rule, .subject = rule.subject}, askedOf(rule), unknown, now);
        }
    }
    if (m_freeSlots.empty()) {
        m_freeSlots.push_back(static_cast<std::uint32_t>(m_slots.size()));
        m_slots.emplace_back();
    }
    const std::uint32_t number = m_freeSlots.back();
    m_freeSlots.pop_back();
    Slot& slot = m_slots[number];
    slot.user = user;
    slot.route = route;
    slot.tokens = tokens;
    slot.nanos = nanos;
    slot.startedAt = request.startedAt.value_or(now);
    slot.used = true;
    slot.run = run;
    slot.accounts.assign(m_found.begin(), m_found.end());
    for (Account* each : slot.accounts)
        each->reserved = plus(each->reserved, askedOf(*each->rule));
    if (run)
        ++run->inFlight;
    return Reservation(this, number);
}

void BudgetLedger::release(std::uint32_t number) {
    Slot& slot = m_slots[number];
    for (Account* each : slot.accounts)
        each->reserved = std::max<std::int64_t>(0, each->reserved - (each->rule->unit == BudgetUnit::Money ? slot.nanos : slot.tokens));
    if (slot.run)
        --slot.run->inFlight;
    slot.run = nullptr;
    slot.used = false;
    m_freeSlots.push_back(number);
}

BudgetLedger::Overrun BudgetLedger::commit(Reservation&& reservation, std::int64_t seq, std::int64_t tokens, std::int64_t nanos,
                                           WallTime now) {
    if (!reservation.m_ledger)
        return {};
    const std::uint32_t number = reservation.m_slot;
    const Slot& slot = m_slots[number];
    const Booking booking{seq, std::max<std::int64_t>(0, tokens), std::max<std::int64_t>(0, nanos), toUnixSeconds(slot.startedAt), slot.user, slot.route};
    const Overrun overrun{std::max<std::int64_t>(0, booking.tokens - slot.tokens), std::max<std::int64_t>(0, booking.nanos - slot.nanos)};
    addToAccounts(slot.accounts, booking, true, now);
    reservation.m_ledger = nullptr;
    release(number);
    remember(booking);
    return overrun;
}

void BudgetLedger::book(std::string_view user, std::string_view route, std::int64_t seq, std::int64_t tokens, std::int64_t nanos,
                        WallTime at, WallTime now) {
    const Booking booking{seq,
                          std::max<std::int64_t>(0, tokens),
                          std::max<std::int64_t>(0, nanos),
                          toUnixSeconds(at),
                          numberOf(user, m_userNumbers, m_users),
                          numberOf(route, m_routeNumbers, m_routes)};
    collect(booking.user, booking.route, nullptr, now, m_found);
    addToAccounts(m_found, booking, false, now);
    remember(booking);
}

// Adds what happened to those accounts in whose window it happened, and that have it not yet.
void BudgetLedger::addToAccounts(const Accounts& accounts, const Booking& booking, bool runs, WallTime now) {
    const WallTime at = fromUnixSeconds(booking.at);
    for (Account* each : accounts) {
        const bool isRun = each->rule->window == BudgetWindow::Run;
        if (isRun ? !runs : booking.seq <= m_baseline)
            continue;
        roll(*each, now);
        if (at >= each->window.begins && at < each->window.ends)
            each->spent = plus(each->spent, each->rule->unit == BudgetUnit::Money ? booking.nanos : booking.tokens);
    }
}

void BudgetLedger::remember(const Booking& booking) {
    if (booking.seq <= m_baseline)
        return;
    m_bookings.push_back(booking);
    if (m_bookings.size() > m_foldAbove)
        fold();
}

// No budget is of a person and a route at once, so their sums are kept apart: there are as many as people and routes, not as many as
// both can be combined.
void BudgetLedger::fold() {
    std::map<std::tuple<std::uint32_t, std::uint32_t, std::int64_t>, Booking> sums;
    const auto add = [&sums](Booking booking, std::uint32_t user, std::uint32_t route) {
        booking.user = user;
        booking.route = route;
        const auto [at, added] = sums.try_emplace({user, route, booking.at / 86'400}, booking);
        if (added)
            return;
        at->second.seq = std::max(at->second.seq, booking.seq);
        at->second.tokens = plus(at->second.tokens, booking.tokens);
        at->second.nanos = plus(at->second.nanos, booking.nanos);
    };
    const auto half = m_bookings.end() - maxBookings / 2;
    for (auto it = m_bookings.begin(); it != half; ++it) {
        if (it->user != none)
            add(*it, it->user, none);
        if (it->route != none)
            add(*it, none, it->route);
    }
    m_bookings.erase(m_bookings.begin(), half);
    for (const auto& [key, sum] : sums)
        m_bookings.push_front(sum);
    m_foldAbove = std::max(maxBookings, m_bookings.size() + maxBookings / 2); // many people and routes: not again at once
}

std::optional<BudgetLedger::State> BudgetLedger::tightest(std::string_view user, std::string_view route, std::string_view traceId,
                                                          WallTime now) {
    const std::uint32_t userNumber = numberOf(user, m_userNumbers, m_users);
    const std::uint32_t routeNumber = numberOf(route, m_routeNumbers, m_routes);
    Run* const run = m_runRules.empty() || !isTraceId(traceId) ? nullptr : runOf(user, traceId);
    collect(userNumber, routeNumber, run, now, m_found);
    std::optional<State> found;
    double part = 0;
    const auto consider = [&](const State& state) {
        const double own = state.limit == 0 ? 0 : static_cast<double>(state.left()) / static_cast<double>(state.limit);
        if (!found || own < part) {
            found = state;
            part = own;
        }
    };
    for (Account* each : m_found) {
        roll(*each, now);
        consider(stateOf(*each, now));
    }
    for (const std::size_t index : m_runRules) { // a run of its own, of which nothing is spent yet
        const BudgetRule& rule = m_rules[index];
        if (!run && runMatches(rule, m_users[userNumber], m_routes[routeNumber]))
            consider({rule.id, m_users[userNumber].name, rule.unit, 0, 0, rule.limitAt(now), WallTime{}});
    }
    return found;
}

std::vector<BudgetLedger::State> BudgetLedger::states(WallTime now) {
    std::vector<State> all;
    for (Account& each : m_accounts) {
        roll(each, now);
        all.push_back(stateOf(each, now));
    }
    return all;
}

BudgetLedger::State BudgetLedger::stateOf(const Account& account, WallTime now) {
    const bool isRun = account.rule->window == BudgetWindow::Run;
    return {account.rule->id, account.subject, account.rule->unit, account.spent, account.reserved, account.rule->limitAt(now),
            isRun ? WallTime{} : account.window.ends};
}

BudgetRefusal BudgetLedger::refusalOf(const Account& account, std::int64_t asked, bool unknownPrice, WallTime now) {
    const BudgetRule& rule = *account.rule;
    const State state = stateOf(account, now);
    return {rule.id,        rule.name,   rule.scope,     account.subject, rule.unit,    rule.window,
            state.limit, state.spent, state.reserved, asked,           unknownPrice, state.resetsAt};
}

void BudgetLedger::roll(Account& account, WallTime now) {
    if (now < account.window.ends)
        return;
    account.window = windowAt(account.rule->window, now);
    account.spent = 0;
}

} // namespace clawloops::model
