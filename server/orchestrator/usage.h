// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/clock.h"
#include "base/result.h"
#include "orchestrator/event_hub.h"
#include "orchestrator/model_port.h"
#include "store/database.h"
#include "wire/api_types.h"

#include <QObject>
#include <QTimer>

#include <functional>
#include <string>

namespace clawloops::orchestrator {

// Carries usage from the gateway's spool into PostgreSQL, exactly once: what was stored is acknowledged, what was not is read
// again, and the request id decides. Woken by the gateway's event, and every 10 s. One thread.
class UsagePump : public QObject {
    Q_OBJECT
public:
    UsagePump(store::Database& database, ModelPort& gateway, EventHub& hub, QObject* parent = nullptr);
    void start(); // once the database is open

private:
    void pump();
    void store(std::vector<gateway_verbs::UsageEvent> events);

    store::Database& m_database;
    ModelPort& m_gateway;
    EventHub& m_hub;
    QTimer m_timer;
    bool m_busy = false;
    bool m_again = false;
    std::int64_t m_through = 0; // acknowledged in this process's life
};

// From the first of the month (UTC) until now. `ownerUserId` empty: everybody's, with byUser; else that user's own.
void usageSummary(store::Database& database, const Clock& clock, const std::string& ownerUserId, QObject* guard,
                  std::function<void(Result<wire::UsageSummary>)> done);

} // namespace clawloops::orchestrator
