// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "governance/usage_pump.h"

#include "base/log.h"
#include "governance/usage_store.h"

#include <QPointer>

#include <algorithm>
#include <set>

namespace clawloops::governance {

namespace {
constexpr Log logger("governance");
constexpr int batch = 1000; // the most that usage.read gives
constexpr std::size_t baselineEvery = 10'000; // events; the gateway keeps 65,536 (model/budget_ledger.h)
constexpr std::chrono::seconds pumpEvery{10};
} // namespace

UsagePump::UsagePump(store::Database& database, orchestrator::ModelPort& gateway, orchestrator::EventHub& hub, QObject* parent)
    : QObject(parent), m_database(database), m_gateway(gateway), m_hub(hub) {
    connect(&m_timer, &QTimer::timeout, this, &UsagePump::pump);
}

void UsagePump::start() {
    connect(&m_gateway, &orchestrator::ModelPort::usageAppended, this, [this] { pump(); });
    connect(&m_gateway, &orchestrator::ModelPort::connected, this, [this] {
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
    m_gateway.readUsage(m_through, batch, [this, alive = QPointer<UsagePump>(this)](Result<gateway_verbs::UsageReply> reply) {
        if (!alive)
            return;
        m_busy = false;
        if (!reply)
            logger.warning("usage could not be read", {}, {{"reason", reply.error().message}});
        else if (!reply->events.empty())
            store(std::move(*reply));
        else if (m_again)
            pump();
    });
}

void UsagePump::store(gateway_verbs::UsageReply reply) {
    m_busy = true;
    std::int64_t last = 0;
    std::set<std::string> owners;
    const std::size_t count = reply.events.size();
    for (const auto& event : reply.events) {
        last = std::max(last, event.seq);
        owners.insert(event.userId);
    }
    m_database.run(
        [reply = std::move(reply)](store::Transaction& tx) { return storeUsage(tx, reply.spool, reply.events); },
        this, [this, last, owners, count](Status stored) {
            m_busy = false;
            if (!stored) {
                logger.warning("usage could not be stored, it stays in the spool", {}, {{"reason", stored.error().message}, {"detail", stored.error().detail}});
                return; // the timer tries again
            }
            m_through = last;
            m_sinceBaseline += count;
            if (m_sinceBaseline >= baselineEvery) {
                m_sinceBaseline = 0;
                Q_EMIT baselineIsOld();
            }
            // Acknowledged only now that it is committed. A lost acknowledgement makes it come again, and do nothing.
            m_gateway.ackUsage(last, [](const Status&) {});
            for (const std::string& owner : owners)
                m_hub.publish({orchestrator::Change::Kind::Usage, {}, owner, false});
            pump();
        });
}

} // namespace clawloops::governance
