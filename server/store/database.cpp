// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/database.h"

#include "base/log.h"
#include "store/migrations.h"

#include <algorithm>

namespace clawloops::store {

namespace {
constexpr Log logger("store");
constexpr std::chrono::milliseconds firstPause{50};
constexpr std::chrono::milliseconds longestPause{2000};
} // namespace

Database::Database(DatabaseConfig config, QObject* parent) : QObject(parent), m_config(std::move(config)) {}

Database::~Database() {
    {
        const std::lock_guard lock(m_mutex);
        m_stopping = true;
        m_queue.clear();
    }
    m_wake.notify_all();
    for (std::thread& thread : m_threads)
        thread.join();
}

void Database::open(QObject* guard, std::function<void(Status)> done) {
    m_threads.emplace_back([this, done = std::move(done), guard = QPointer<QObject>(guard)]() mutable {
        auto outcome = std::make_shared<Status>(prepare());
        // Posted to this object, whose thread outlives ours: only there may the guard be looked at.
        QMetaObject::invokeMethod(
            this,
            [this, outcome, done = std::move(done), guard] {
                if (outcome->ok())
                    for (int i = 1; i < m_config.threads; ++i)
                        m_threads.emplace_back([this] { serve(); });
                if (guard)
                    done(std::move(*outcome));
            },
            Qt::QueuedConnection);
        serve();
    });
}

Status Database::prepare() {
    Connection connection(m_config.url, m_config.applicationName, m_config.statementTimeout);
    const auto until = std::chrono::steady_clock::now() + m_config.connectWithin;
    auto pause = firstPause;
    for (Status connected = connection.ensure(); !connected; connected = connection.ensure()) {
        if (std::chrono::steady_clock::now() >= until)
            return Error{ErrorCode::Unavailable,
                         "The database did not answer within " + std::to_string(m_config.connectWithin.count() / 1000) +
                             " s. Look at the log of the component postgres, or at the setting database.url.",
                         connected.error().detail};
        if (!pauseFor(pause))
            return Error{ErrorCode::Unavailable, "Stopped while waiting for the database.", {}};
        pause = std::min(pause * 2, longestPause);
    }
    if (m_config.migrations.empty())
        return {};
    auto migrations = readMigrations(m_config.migrations);
    if (!migrations)
        return migrations.error();
    return applyMigrations(connection, *migrations);
}

int Database::queued() const {
    const std::lock_guard lock(m_mutex);
    return static_cast<int>(m_queue.size());
}

void Database::enqueue(Task task) {
    if (!task.guard)
        task.guard = this;
    {
        const std::lock_guard lock(m_mutex);
        m_queue.push_back(std::move(task));
    }
    m_wake.notify_one();
}

bool Database::pauseFor(std::chrono::milliseconds span) {
    std::unique_lock lock(m_mutex);
    return !m_wake.wait_for(lock, span, [this] { return m_stopping; });
}

void Database::serve() {
    Connection connection(m_config.url, m_config.applicationName, m_config.statementTimeout);
    while (true) {
        Task task;
        {
            std::unique_lock lock(m_mutex);
            m_wake.wait(lock, [this] { return m_stopping || !m_queue.empty(); });
            if (m_stopping)
                return;
            task = std::move(m_queue.front());
            m_queue.pop_front();
        }
        carryOut(connection, task);
        QMetaObject::invokeMethod(
            this,
            [guard = task.guard, deliver = std::move(task.deliver)] {
                if (guard)
                    deliver();
            },
            Qt::QueuedConnection);
    }
}

void Database::carryOut(Connection& connection, Task& task) {
    // A connection may have died unnoticed since its last job: then BEGIN fails and nothing was done, so a new one is tried.
    Status begun = Error{};
    auto pause = firstPause;
    for (int attempt = 0; attempt < 4 && !begun; ++attempt) {
        if (attempt > 0) {
            if (!pauseFor(pause))
                break;
            pause = std::min(pause * 2, longestPause);
        }
        begun = connection.ensure();
        if (begun)
            begun = connection.script("BEGIN");
    }
    if (!begun) {
        logger.warning("a job found no database", {}, {{"reason", begun.error().detail}});
        task.failed(begun.error());
        return;
    }
    Transaction transaction(connection);
    const Status outcome = task.job(transaction);
    const Status ended = connection.script(outcome ? "COMMIT" : "ROLLBACK");
    if (outcome && !ended)
        task.failed(ended.error());
    if (!outcome && (outcome.error().code == ErrorCode::Internal || outcome.error().code == ErrorCode::Unavailable))
        logger.error("a database job failed", {}, {{"message", outcome.error().message}, {"detail", outcome.error().detail}});
    if (!ended)
        connection.disconnect();
}

} // namespace clawloops::store
