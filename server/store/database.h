// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "store/connection.h"

#include <QObject>
#include <QPointer>

#include <chrono>
#include <condition_variable>
#include <deque>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <type_traits>
#include <vector>

namespace clawloops::store {

struct DatabaseConfig {
    std::string url; // libpq: "postgresql:///clawloops?host=/run/…/pg" or "host=… dbname=…"
    std::filesystem::path migrations; // folder of NNNN_name.sql; empty: none are applied
    int threads = 4;
    std::chrono::milliseconds statementTimeout{10'000};
    std::chrono::milliseconds connectWithin{60'000}; // how long open() keeps trying
    std::string applicationName = "clawloopsd";
};

// The pool of store threads, a connection each. Lives on its creator's thread (with an event loop), and so must every guard:
// jobs run on a store thread, `done` runs on the creator's thread unless the guard has died by then.
//
// A job gets a transaction: its value commits, its error rolls back. Jobs may run side by side and in another order than they
// were asked for; who needs an order chains them. A job must not touch objects of the creator's thread: it captures values.
// A connection that was lost is made again with a back-off of 50 ms doubling to 2 s; a job that meets a lost connection before
// it did anything is carried out on the new one, else it ends with Unavailable.
class Database : public QObject {
    Q_OBJECT
public:
    explicit Database(DatabaseConfig config, QObject* parent = nullptr);
    ~Database() override; // waits for the running jobs (≤ statementTimeout); the queued ones are dropped unanswered

    // Connects, applies the migrations, starts the threads, answers once. Errors: Unavailable: no server answered within
    // connectWithin (exit code 69); InvalidRequest: the migrations do not fit the database (76); Internal: one failed.
    void open(QObject* guard, std::function<void(Status)> done);

    // database.run([id](store::Transaction& tx) -> Result<User> {…}, this, [this](Result<User> user) {…});
    template <class Job, class Done> void run(Job job, QObject* guard, Done done) {
        using Outcome = std::invoke_result_t<Job, Transaction&>;
        auto outcome = std::make_shared<std::unique_ptr<Outcome>>();
        enqueue(Task{
            [job = std::move(job), outcome](Transaction& tx) mutable -> Status {
                *outcome = std::make_unique<Outcome>(job(tx));
                return (*outcome)->ok() ? Status() : Status((*outcome)->error());
            },
            [outcome](const Error& error) { *outcome = std::make_unique<Outcome>(error); },
            [outcome, done = std::move(done)]() mutable { done(std::move(**outcome)); }, QPointer<QObject>(guard)});
    }

    [[nodiscard]] const DatabaseConfig& config() const { return m_config; }
    [[nodiscard]] int queued() const; // jobs waiting for a thread

private:
    struct Task {
        std::function<Status(Transaction&)> job;
        std::function<void(const Error&)> failed; // replaces the outcome: begin or commit did not work
        std::function<void()> deliver;
        QPointer<QObject> guard;
    };
    void enqueue(Task task);
    void serve();
    void carryOut(Connection& connection, Task& task);
    [[nodiscard]] bool pauseFor(std::chrono::milliseconds span); // false: stopping
    [[nodiscard]] Status prepare();

    DatabaseConfig m_config;
    mutable std::mutex m_mutex;
    std::condition_variable m_wake;
    std::deque<Task> m_queue;
    bool m_stopping = false;
    std::vector<std::thread> m_threads;
};

} // namespace clawloops::store
