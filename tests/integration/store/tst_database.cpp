// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/audit_log.h"
#include "store/database.h"
#include "store/listener.h"
#include "support/postgres.h"

#include <QSignalSpy>
#include <QTest>

using namespace clawloops;
using namespace clawloops::store;
using clawloops::test::ThrowawayPostgres;

namespace {
constexpr int patience = 30'000;
}

class TestDatabase : public QObject {
    Q_OBJECT

    ThrowawayPostgres m_postgres;
    std::unique_ptr<Database> m_database;

    // Runs a job and waits for its outcome.
    template <class Job> auto run(Job job) {
        using Outcome = std::invoke_result_t<Job, Transaction&>;
        std::optional<Outcome> outcome;
        m_database->run(std::move(job), this, [&outcome](Outcome result) { outcome = std::move(result); });
        if (!QTest::qWaitFor([&outcome] { return outcome.has_value(); }, patience))
            outcome = Outcome(Error{ErrorCode::Internal, "the test waited too long", {}});
        return std::move(*outcome);
    }
    Result<std::int64_t> count(const char* what) {
        return run([what](Transaction& tx) -> Result<std::int64_t> {
            auto rows = tx.query(what);
            if (!rows)
                return rows.error();
            return rows->front().integer(0);
        });
    }

private Q_SLOTS:
    void init() {
        QVERIFY2(m_postgres.ok(), qPrintable(m_postgres.problem()));
        DatabaseConfig config;
        config.url = m_postgres.freshDatabase();
        config.migrations = test::migrationsFolder();
        config.statementTimeout = std::chrono::milliseconds(1500);
        m_database = std::make_unique<Database>(config);
        std::optional<Status> opened;
        m_database->open(this, [&opened](Status status) { opened = std::move(status); });
        QTRY_VERIFY_WITH_TIMEOUT(opened.has_value(), patience);
        QVERIFY2(opened->ok(), opened->ok() ? "" : opened->error().detail.c_str());
    }
    void cleanup() { m_database.reset(); }

    void aValueCommitsAndAnErrorRollsBack() {
        const auto insert = [](const char* key, bool fail) {
            return [key, fail](Transaction& tx) -> Status {
                if (Status done = tx.exec("INSERT INTO settings (key, value) VALUES ($1, '1')", {key}); !done)
                    return done;
                if (fail)
                    return Error{ErrorCode::InvalidRequest, "no", {}};
                return {};
            };
        };
        QVERIFY(run(insert("kept", false)).ok());
        QVERIFY(!run(insert("dropped", true)).ok());
        QCOMPARE(m_postgres.sql(QStringLiteral("SELECT string_agg(key, ',') FROM settings")), QStringLiteral("kept"));
    }

    void aTakenKeyIsAConflictThatNamesItsConstraint() {
        const auto insert = [](Transaction& tx) { return tx.exec("INSERT INTO settings (key, value) VALUES ('a', '1')"); };
        QVERIFY(run(insert).ok());
        const Status second = run(insert);
        QVERIFY(!second.ok());
        QCOMPARE(second.error().code, ErrorCode::RuntimeActionConflict);
        QCOMPARE(second.error().detail, std::string("settings_pkey"));
    }

    void parametersAreNeverPartOfTheStatement() {
        const std::string hostile = "x'); DROP TABLE settings; --";
        QVERIFY(run([hostile](Transaction& tx) {
                    return tx.exec("INSERT INTO settings (key, value) VALUES ($1, '1')", {hostile});
                }).ok());
        QCOMPARE(m_postgres.sql(QStringLiteral("SELECT key FROM settings")).toStdString(), hostile);
    }

    void timesSurviveTheServersOddZone() {
        const WallTime at = fromUnixMillis(1'795'368'012'345);
        auto back = run([at](Transaction& tx) -> Result<WallTime> {
            auto rows = tx.query("SELECT $1::timestamptz", {at});
            if (!rows)
                return rows.error();
            return rows->front().time(0);
        });
        QVERIFY(back.ok());
        QCOMPARE(toUnixMillis(*back), toUnixMillis(at));
    }

    void anEndlessStatementIsStopped() {
        const Status slow = run([](Transaction& tx) { return tx.exec("SELECT pg_sleep(60)"); });
        QVERIFY(!slow.ok());
        QCOMPARE(slow.error().code, ErrorCode::Unavailable);
        QCOMPARE(*count("SELECT 1"), 1); // and the connection is good for the next one
    }

    void jobsGoOnAfterTheServerCameBack() {
        QCOMPARE(*count("SELECT 1"), 1);
        m_postgres.kill();
        const auto gone = count("SELECT 1");
        QVERIFY(!gone.ok());
        QCOMPARE(gone.error().code, ErrorCode::Unavailable);
        QVERIFY(m_postgres.start());
        QTRY_VERIFY_WITH_TIMEOUT(count("SELECT 1").ok(), patience);
        // The connections that idled through the restart too: nobody sees an error for them.
        for (int i = 0; i < 12; ++i)
            QVERIFY(count("SELECT 1").ok());
    }

    void aDeadGuardHearsNothing() {
        bool heard = false;
        {
            QObject guard;
            m_database->run([](Transaction& tx) { return tx.exec("SELECT pg_sleep(0.1)"); }, &guard, [&heard](Status) { heard = true; });
        }
        QVERIFY(count("SELECT 1 FROM pg_sleep(0.3)").ok());
        QCOMPARE(*count("SELECT 1"), 1);
        QVERIFY(!heard);
    }

    void aNotificationArrivesAndALossIsSeen() {
        Listener listener(m_postgres.url(), "clawloops");
        QSignalSpy listening(&listener, &Listener::listening);
        QSignalSpy lost(&listener, &Listener::lost);
        QSignalSpy notified(&listener, &Listener::notified);
        listener.start();
        QTRY_COMPARE_WITH_TIMEOUT(listening.count(), 1, patience);
        m_postgres.sql(QStringLiteral("SELECT pg_notify('clawloops', 'user:usr_1')"));
        QTRY_COMPARE_WITH_TIMEOUT(notified.count(), 1, patience);
        QCOMPARE(notified.front().front().toString(), QStringLiteral("user:usr_1"));
        m_postgres.kill();
        QTRY_COMPARE_WITH_TIMEOUT(lost.count(), 1, patience);
        QVERIFY(m_postgres.start());
        QTRY_COMPARE_WITH_TIMEOUT(listening.count(), 2, patience);
    }

    void theJournalShowsWhatWasTamperedWith_data() {
        QTest::addColumn<QString>("tampering");
        QTest::addColumn<int>("first");
        QTest::newRow("nothing") << QStringLiteral("SELECT 1") << 0;
        QTest::newRow("changed") << QStringLiteral("UPDATE audit_log SET subject = 'usr_other' WHERE seq = 2") << 2;
        QTest::newRow("detail changed") << QStringLiteral("UPDATE audit_log SET detail = '{}' WHERE seq = 3") << 3;
        QTest::newRow("removed") << QStringLiteral("DELETE FROM audit_log WHERE seq = 2") << 3;
        QTest::newRow("time changed") << QStringLiteral("UPDATE audit_log SET at = at + interval '1 s' WHERE seq = 1") << 1;
    }
    void theJournalShowsWhatWasTamperedWith() {
        QFETCH(QString, tampering);
        QFETCH(int, first);
        for (int i = 0; i < 4; ++i)
            QVERIFY(run([i](Transaction& tx) {
                        return appendAudit(tx, {"usr_1", "alice", "192.0.2.7", "req_1"}, "user.disable", "usr_" + std::to_string(i), {{"n", i}});
                    }).ok());
        m_postgres.sql(tampering);
        auto broken = run([](Transaction& tx) { return verifyAudit(tx); });
        QVERIFY(broken.ok());
        QCOMPARE(broken->value_or(0), first);
    }

    void journalRowsWrittenAtOnceStillFormOneChain() {
        int answered = 0;
        for (int i = 0; i < 40; ++i)
            m_database->run([](Transaction& tx) { return appendAudit(tx, systemActor(), "auth.login", "x"); }, this, [&answered](Status status) {
                QVERIFY(status.ok());
                ++answered;
            });
        QTRY_COMPARE_WITH_TIMEOUT(answered, 40, patience);
        auto broken = run([](Transaction& tx) { return verifyAudit(tx); });
        QVERIFY(broken.ok() && !*broken);
    }
};

QTEST_GUILESS_MAIN(TestDatabase)
#include "tst_database.moc"
