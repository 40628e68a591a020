// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/clock.h"
#include "model/circuit_breaker.h"
#include "model/fair_queue.h"
#include "model/retry_budget.h"
#include "model/route_table.h"
#include "wire/gateway_queries.h"

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace clawloops::gateway {

// A request that waits for a place at a target. Lives with the request; its queue is told when that goes.
struct QueueWaiter {
    std::string route;
    std::string target;
    bool go = false; // it has its place
    bool dropped = false; // by an admin
    std::function<void()> wake; // one of the two has become true
};

// One thing to ask (model::Target::identity), whatever the routes that name it: its breaker, its queue, what is under way.
struct TargetEntry {
    std::uint64_t number = 0; // of this process; the first half of a ticket
    std::uint32_t slots = 0;
    model::CircuitBreaker breaker;
    model::FairQueue queue{0};
    std::unordered_map<std::uint64_t, QueueWaiter*> waiters;
    std::int64_t inFlight = 0;
    std::optional<WallTime> lastUsed;
    std::string lastError;
    SteadyTime told{}; // when the queue's length was said last
};
using TargetEntryPtr = std::shared_ptr<TargetEntry>;

// Every target that routes name, kept over a configure while its address, model and credential stay. One thread.
class TargetBook {
public:
    explicit TargetBook(const Clock& clock) : m_clock(clock) {}

    [[nodiscard]] TargetEntryPtr of(const model::Target& target);
    void forgetAllBut(const model::RouteTable& table); // requests under way keep theirs
    // How a try ended. An event follows when that changed what is to be thought of the target.
    void report(const std::string& route, const model::Target& target, TargetEntry& entry, model::CircuitBreaker::Try begun, model::TargetOutcome outcome,
                int status, std::optional<std::chrono::milliseconds> retryAfter);
    [[nodiscard]] bool takeRetry() { return m_retries.takeRetry(m_clock.steadyNow()); }
    void countRequest() { m_retries.countRequest(m_clock.steadyNow()); }

    // Lets go whoever's turn it is; after everything that frees a place or joins the queue.
    void letGo(TargetEntry& entry);
    [[nodiscard]] std::vector<gateway_verbs::QueueEntry> queue() const;
    // By an admin; false: nobody waits with this ticket.
    bool moveToFront(std::string_view ticket);
    bool drop(std::string_view ticket);

    [[nodiscard]] std::vector<gateway_verbs::TargetState> states(const model::RouteTable& table);
    void onTarget(std::function<void(const gateway_verbs::TargetState&)> callback) { m_targetChanged = std::move(callback); }
    void onQueue(std::function<void(const std::string& target, std::int64_t waiting)> callback) { m_queueChanged = std::move(callback); }
    void queueChanged(TargetEntry& entry, const std::string& target);

private:
    struct Found {
        TargetEntry* entry = nullptr;
        std::uint64_t ticket = 0;
    };
    [[nodiscard]] Found find(std::string_view ticket) const;
    [[nodiscard]] gateway_verbs::TargetState stateOf(const std::string& route, const model::Target& target, const TargetEntry& entry) const;

    const Clock& m_clock;
    std::unordered_map<std::string, TargetEntryPtr> m_entries;
    model::RetryBudget m_retries;
    std::uint64_t m_lastNumber = 0;
    std::function<void(const gateway_verbs::TargetState&)> m_targetChanged;
    std::function<void(const std::string&, std::int64_t)> m_queueChanged;
};

} // namespace clawloops::gateway
