// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "orchestrator/usage.h"

#include "base/log.h"

#include <algorithm>
#include <set>

namespace clawloops::orchestrator {

namespace {

constexpr Log logger("orchestrator");
constexpr int batch = 500;
constexpr std::chrono::seconds pumpEvery{10};

Status insertEvent(store::Transaction& tx, const gateway_verbs::UsageEvent& event) {
    return tx.exec("INSERT INTO usage_events (request_id, seq, cell_id, user_id, route, target, model, prompt_tokens, completion_tokens,"
                   " estimated, started_at, first_byte_ms, duration_ms, status, outcome, upstream_id, bytes_out)"
                   " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17) ON CONFLICT (request_id) DO NOTHING",
                   {event.requestId, event.seq, event.cellId, event.userId, event.route, event.target, event.model, event.promptTokens,
                    event.completionTokens, event.estimated, event.startedAt,
                    event.firstByteMs < 0 ? std::optional<std::int64_t>() : std::optional(event.firstByteMs), event.durationMs, event.status,
                    event.outcome, event.upstreamId, event.bytesOut});
}

wire::UsageLine lineOf(const store::Row& row) {
    return {row.text(0), row.text(1), row.integer(2), row.integer(3), row.integer(4), row.integer(5)};
}

WallTime firstOfMonth(WallTime now) {
    const std::chrono::year_month_day day(std::chrono::floor<std::chrono::days>(now));
    return std::chrono::sys_days(day.year() / day.month() / 1);
}

// Counts come from upstreams: one that is beyond belief must not keep the month from being summed.
constexpr std::string_view sums = "count(*), count(*) FILTER (WHERE outcome NOT IN ('ok', 'client_gone', 'cut')),"
                                  " coalesce(sum(least(prompt_tokens, 1000000000)), 0)::bigint,"
                                  " coalesce(sum(least(completion_tokens, 1000000000)), 0)::bigint FROM usage_events e ";
constexpr std::string_view span = " WHERE started_at >= $1::timestamptz AND started_at <= $2::timestamptz AND ($3 = '' OR user_id = $3) ";

} // namespace

UsagePump::UsagePump(store::Database& database, ModelPort& gateway, EventHub& hub, QObject* parent)
    : QObject(parent), m_database(database), m_gateway(gateway), m_hub(hub) {
    connect(&m_timer, &QTimer::timeout, this, &UsagePump::pump);
}

void UsagePump::start() {
    connect(&m_gateway, &ModelPort::usageAppended, this, [this] { pump(); });
    connect(&m_gateway, &ModelPort::connected, this, [this] {
        m_through = 0; // perhaps another spool: what is in it and stored already does no harm
        pump();
    });
    m_timer.start(pumpEvery);
    pump();
}

void UsagePump::pump() {
    m_again = true;
    if (m_busy || !m_gateway.isConnected())
        return;
    m_busy = true;
    m_again = false;
    m_gateway.readUsage(m_through, batch, [this, alive = QPointer<UsagePump>(this)](Result<std::vector<gateway_verbs::UsageEvent>> events) {
        if (!alive)
            return;
        m_busy = false;
        if (!events)
            logger.warning("usage could not be read", {}, {{"reason", events.error().message}});
        else if (!events->empty())
            store(std::move(*events));
        else if (m_again)
            pump();
    });
}

void UsagePump::store(std::vector<gateway_verbs::UsageEvent> events) {
    m_busy = true;
    std::int64_t last = 0;
    std::set<std::string> owners;
    for (const auto& event : events) {
        last = std::max(last, event.seq);
        owners.insert(event.userId);
    }
    m_database.run(
        [events = std::move(events)](store::Transaction& tx) -> Status {
            for (const auto& event : events)
                if (Status inserted = insertEvent(tx, event); !inserted)
                    return inserted;
            return {};
        },
        this, [this, last, owners](Status stored) {
            m_busy = false;
            if (!stored) {
                logger.warning("usage could not be stored, it stays in the spool", {}, {{"reason", stored.error().message}, {"detail", stored.error().detail}});
                return; // the timer tries again
            }
            m_through = last;
            // Acknowledged only now that it is committed. A lost acknowledgement makes it come again, and do nothing.
            m_gateway.ackUsage(last, [](const Status&) {});
            for (const std::string& owner : owners)
                m_hub.publish({Change::Kind::Usage, {}, owner, false});
            pump();
        });
}

void usageSummary(store::Database& database, const Clock& clock, const std::string& ownerUserId, QObject* guard,
                  std::function<void(Result<wire::UsageSummary>)> done) {
    database.run(
        [now = clock.now(), ownerUserId](store::Transaction& tx) -> Result<wire::UsageSummary> {
            const std::vector<store::Param> params{firstOfMonth(now), now, ownerUserId};
            wire::UsageSummary summary;
            summary.from = toRfc3339(firstOfMonth(now));
            summary.to = toRfc3339(now);
            auto total = tx.query("SELECT '', 'All', " + std::string(sums) + std::string(span), params);
            if (!total)
                return total.error();
            summary.total = lineOf(total->front());
            auto byRoute = tx.query("SELECT route, coalesce((SELECT title FROM routes WHERE name = route), route), " + std::string(sums) +
                                        std::string(span) + "GROUP BY route ORDER BY 3 DESC, 1",
                                    params);
            if (!byRoute)
                return byRoute.error();
            for (const store::Row& row : *byRoute)
                summary.byRoute.push_back(lineOf(row));
            if (!ownerUserId.empty())
                return summary;
            auto byUser = tx.query("SELECT user_id, coalesce((SELECT username FROM users WHERE id = user_id), user_id), " + std::string(sums) +
                                       std::string(span) + "GROUP BY user_id ORDER BY 3 DESC, 1",
                                   params);
            if (!byUser)
                return byUser.error();
            for (const store::Row& row : *byUser)
                summary.byUser.push_back(lineOf(row));
            return summary;
        },
        guard, std::move(done));
}

} // namespace clawloops::orchestrator
