// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "governance/service_parts.h"
#include "wire/usage_types.h"

#include <QTimer>

#include <string>
#include <vector>

namespace clawloops::governance {

struct UsageQuestion;

// Turns the months of usage over, once at the start and then every hour, and answers what pages ask about usage. One thread;
// callbacks as in store::Database.
class UsageKeeper : public QObject {
    Q_OBJECT
public:
    explicit UsageKeeper(ServiceParts parts, QObject* parent = nullptr);
    void start(); // once the database is open

    void keeping(QObject* guard, Done<wire::UsageKeeping> done);
    // InvalidRequest: not 1 to 120 months. What is older is dropped before it answers.
    void keep(std::int64_t months, const store::Actor& actor, QObject* guard, Done<wire::UsageKeeping> done);
    void report(const UsageQuestion& question, QObject* guard, Done<wire::UsageReport> done);
    void routeTotals(QObject* guard, Done<std::vector<wire::UsageRow>> done); // since the first day
    void csv(const std::string& from, const std::string& to, QObject* guard, Done<std::string> done);

Q_SIGNALS:
    void turned(); // whoever counts days has to look again

private:
    void turn();

    ServiceParts m_parts;
    QTimer m_timer;
};

} // namespace clawloops::governance
