// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/clock.h"
#include "base/result.h"
#include "store/database.h"
#include "wire/api_types.h"

#include <QObject>
#include <QPointer>

#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace clawloops::governance {

// usageSummary() for many who ask, at a price that the database can bear however many rows the month has: who asks while one's sum is
// made shares it, it is held for ten times as long as it took (1 s to 60 s), and at most two are made at once. One thread.
class UsageSummaries : public QObject {
    Q_OBJECT
public:
    using SummaryDone = std::function<void(Result<wire::UsageSummary>)>;
    UsageSummaries(store::Database& database, const Clock& clock, QObject* parent = nullptr);

    // `owner` as in usageSummary(). A sum that is held is answered at once.
    void of(const std::string& owner, QObject* guard, SummaryDone done);
    void anew(const std::string& owner, QObject* guard, SummaryDone done); // one that is begun after this call
    [[nodiscard]] std::optional<wire::UsageSummary> lastOf(const std::string& owner) const; // however old
    [[nodiscard]] std::chrono::milliseconds pauseOf(const std::string& owner) const;

private:
    struct Asker {
        QPointer<QObject> guard;
        SummaryDone done;
    };
    struct Sum {
        std::optional<wire::UsageSummary> last;
        SteadyTime madeAt;
        std::chrono::milliseconds took{0};
        std::vector<Asker> served; // by the one that is being made
        std::vector<Asker> waiting; // for the next
        bool running = false;
        bool queued = false;
    };
    void enqueue(const std::string& owner, Sum& sum);
    void begin();
    void finish(const std::string& owner, SteadyTime since, const Result<wire::UsageSummary>& made);

    store::Database& m_database;
    const Clock& m_clock;
    std::map<std::string, Sum> m_sums; // one for each person who has asked
    std::deque<std::string> m_queue;
    int m_running = 0;
};

} // namespace clawloops::governance
