// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "orchestrator/event_hub.h"
#include "orchestrator/model_port.h"
#include "store/database.h"

#include <QObject>
#include <QTimer>

namespace clawloops::governance {

// Carries usage from the gateway's spool into PostgreSQL, exactly once: what was stored is acknowledged, what was not is read
// again, and the request id decides. Woken by the gateway's event, and every 10 s. One thread.
class UsagePump : public QObject {
    Q_OBJECT
public:
    UsagePump(store::Database& database, orchestrator::ModelPort& gateway, orchestrator::EventHub& hub, QObject* parent = nullptr);
    void start(); // once the database is open

Q_SIGNALS:
    // So much was stored since the last time that the gateway should have a new baseline: it keeps one by one what none holds yet.
    void baselineIsOld();

private:
    void pump();
    void store(gateway_verbs::UsageReply reply);

    store::Database& m_database;
    orchestrator::ModelPort& m_gateway;
    orchestrator::EventHub& m_hub;
    QTimer m_timer;
    bool m_busy = false;
    bool m_again = false;
    std::size_t m_sinceBaseline = 0; // events
    std::int64_t m_through = 0; // acknowledged in this process's life
};

} // namespace clawloops::governance
