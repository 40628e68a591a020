// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "governance/usage_summaries.h"

#include "governance/usage_reports.h"

#include <algorithm>

namespace clawloops::governance {

namespace {
constexpr int mostAtOnce = 2;
constexpr int share = 10; // at most a tenth of the time is spent on one's sums
constexpr std::chrono::milliseconds shortest{1'000};
constexpr std::chrono::milliseconds longest{60'000};
} // namespace

UsageSummaries::UsageSummaries(store::Database& database, const Clock& clock, QObject* parent)
    : QObject(parent), m_database(database), m_clock(clock) {}

void UsageSummaries::of(const std::string& owner, QObject* guard, SummaryDone done) {
    Sum& sum = m_sums[owner];
    if (sum.last && m_clock.steadyNow() - sum.madeAt < pauseOf(owner))
        return done(*sum.last);
    if (sum.running) {
        sum.served.push_back({guard, std::move(done)});
        return;
    }
    anew(owner, guard, std::move(done));
}

void UsageSummaries::anew(const std::string& owner, QObject* guard, SummaryDone done) {
    Sum& sum = m_sums[owner];
    sum.waiting.push_back({guard, std::move(done)});
    enqueue(owner, sum);
}

std::optional<wire::UsageSummary> UsageSummaries::lastOf(const std::string& owner) const {
    const auto found = m_sums.find(owner);
    return found == m_sums.end() ? std::nullopt : found->second.last;
}

std::chrono::milliseconds UsageSummaries::pauseOf(const std::string& owner) const {
    const auto found = m_sums.find(owner);
    return found == m_sums.end() ? shortest : std::clamp(share * found->second.took, shortest, longest);
}

void UsageSummaries::enqueue(const std::string& owner, Sum& sum) {
    if (!sum.running && !std::exchange(sum.queued, true)) // one that runs is followed by another, if anybody waits
        m_queue.push_back(owner);
    begin();
}

void UsageSummaries::begin() {
    while (m_running < mostAtOnce && !m_queue.empty()) {
        const std::string owner = m_queue.front();
        m_queue.pop_front();
        Sum& sum = m_sums[owner];
        sum.queued = false;
        sum.running = true;
        sum.served = std::exchange(sum.waiting, {});
        ++m_running;
        m_database.run([owner, now = m_clock.now()](store::Transaction& tx) { return usageSummary(tx, now, owner); }, this,
                       [this, owner, since = m_clock.steadyNow()](const Result<wire::UsageSummary>& made) { finish(owner, since, made); });
    }
}

void UsageSummaries::finish(const std::string& owner, SteadyTime since, const Result<wire::UsageSummary>& made) {
    --m_running;
    Sum& sum = m_sums[owner];
    sum.running = false;
    sum.madeAt = m_clock.steadyNow();
    sum.took = std::chrono::duration_cast<std::chrono::milliseconds>(sum.madeAt - since);
    if (made)
        sum.last = *made;
    const auto served = std::exchange(sum.served, {});
    if (!sum.waiting.empty())
        enqueue(owner, sum);
    begin();
    for (const Asker& asker : served)
        if (asker.guard)
            asker.done(made);
}

} // namespace clawloops::governance
