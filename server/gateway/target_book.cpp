// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/target_book.h"

#include "base/log.h"

#include <charconv>
#include <set>

namespace clawloops::gateway {
namespace {

constexpr Log log("gateway");
constexpr std::chrono::milliseconds toldEvery{500};

WallTime wallOf(SteadyTime at, const Clock& clock) {
    return clock.now() - std::chrono::duration_cast<WallTime::duration>(clock.steadyNow() - at);
}

} // namespace

TargetEntryPtr TargetBook::of(const model::Target& target) {
    TargetEntryPtr& entry = m_entries[target.identity];
    if (!entry) {
        entry = std::make_shared<TargetEntry>();
        entry->number = ++m_lastNumber;
    }
    if (entry->slots != target.slots) {
        entry->slots = target.slots;
        entry->queue.setSlots(target.slots);
    }
    return entry;
}

void TargetBook::forgetAllBut(const model::RouteTable& table) {
    std::set<std::string_view> used;
    for (const auto& [name, route] : table.routes()) {
        for (const model::Target& target : route.targets)
            used.insert(target.identity);
    }
    std::erase_if(m_entries, [&](const auto& each) { return !used.contains(each.first); });
}

void TargetBook::report(const std::string& route, const model::Target& target, TargetEntry& entry, model::CircuitBreaker::Try begun, model::TargetOutcome outcome,
                        int status, std::optional<std::chrono::milliseconds> retryAfter) {
    const SteadyTime now = m_clock.steadyNow();
    entry.lastUsed = m_clock.now();
    const bool changed = entry.breaker.report(begun, outcome, now, m_clock.now(), status, retryAfter);
    const model::TargetHealth health = entry.breaker.health(now);
    if (outcome != model::TargetOutcome::Answered && outcome != model::TargetOutcome::Unknown)
        entry.lastError = health.sentence;
    if (!changed)
        return;
    log.warning("a target's state has changed", {}, {{"route", route}, {"target", target.name}, {"state", model::nameOf(health.state)}, {"reason", health.sentence}});
    if (m_targetChanged)
        m_targetChanged(stateOf(route, target, entry));
}

gateway_verbs::TargetState TargetBook::stateOf(const std::string& route, const model::Target& target, const TargetEntry& entry) const {
    const model::TargetHealth health = entry.breaker.health(m_clock.steadyNow());
    gateway_verbs::TargetState state;
    state.route = route;
    state.target = target.name;
    state.state = model::nameOf(health.state);
    state.since = health.state == model::TargetState::Unknown ? std::string() : toRfc3339(health.since);
    state.sentence = health.sentence;
    state.inFlight = entry.inFlight;
    state.slots = target.slots;
    state.waiting = static_cast<std::int64_t>(entry.queue.waiting());
    state.lastUsedAt = entry.lastUsed ? toRfc3339(*entry.lastUsed) : std::string();
    state.lastError = entry.lastError;
    return state;
}

std::vector<gateway_verbs::TargetState> TargetBook::states(const model::RouteTable& table) {
    std::vector<gateway_verbs::TargetState> states;
    for (const auto& [name, route] : table.routes()) {
        for (const model::Target& target : route.targets)
            states.push_back(stateOf(name, target, *of(target)));
    }
    return states;
}

void TargetBook::letGo(TargetEntry& entry) {
    while (const auto ticket = entry.queue.next(m_clock.steadyNow())) {
        const auto waiter = entry.waiters.find(*ticket);
        if (waiter == entry.waiters.end()) { // cannot be; a slot must not be lost for it
            entry.queue.cancel(*ticket);
            continue;
        }
        waiter->second->go = true;
        if (waiter->second->wake)
            waiter->second->wake();
    }
}

void TargetBook::queueChanged(TargetEntry& entry, const std::string& target) {
    const SteadyTime now = m_clock.steadyNow();
    if (!m_queueChanged || (entry.queue.waiting() > 0 && now - entry.told < toldEvery))
        return;
    entry.told = now;
    m_queueChanged(target, static_cast<std::int64_t>(entry.queue.waiting()));
}

std::vector<gateway_verbs::QueueEntry> TargetBook::queue() const {
    std::vector<gateway_verbs::QueueEntry> all;
    for (const auto& [identity, entry] : m_entries) {
        for (const model::QueueEntry& one : entry->queue.entries()) {
            const auto waiter = entry->waiters.find(one.ticket);
            if (waiter == entry->waiters.end())
                continue;
            all.push_back({std::to_string(entry->number) + "-" + std::to_string(one.ticket), waiter->second->target, waiter->second->route, std::string(one.user),
                           one.kind == model::QueueKind::Batch ? "batch" : "interactive", toRfc3339(wallOf(one.since, m_clock)), one.position, one.wait.count()});
        }
    }
    return all;
}

TargetBook::Found TargetBook::find(std::string_view ticket) const {
    std::uint64_t number = 0;
    Found found;
    const auto [middle, wrong] = std::from_chars(ticket.data(), ticket.data() + ticket.size(), number);
    if (wrong != std::errc() || middle == ticket.data() + ticket.size() || *middle != '-')
        return {};
    const auto [end, wrongToo] = std::from_chars(middle + 1, ticket.data() + ticket.size(), found.ticket);
    if (wrongToo != std::errc() || end != ticket.data() + ticket.size())
        return {};
    for (const auto& [identity, entry] : m_entries) {
        if (entry->number == number)
            found.entry = entry.get();
    }
    return found;
}

bool TargetBook::moveToFront(std::string_view ticket) {
    const Found found = find(ticket);
    return found.entry && found.entry->queue.moveToFront(found.ticket);
}

bool TargetBook::drop(std::string_view ticket) {
    const Found found = find(ticket);
    if (!found.entry || !found.entry->queue.drop(found.ticket))
        return false;
    if (const auto waiter = found.entry->waiters.find(found.ticket); waiter != found.entry->waiters.end()) {
        waiter->second->dropped = true;
        if (waiter->second->wake)
            waiter->second->wake();
    }
    return true;
}

} // namespace clawloops::gateway
