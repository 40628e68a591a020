// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/migrations.h"
#include "support/postgres.h"

#include <QTest>

#include <algorithm>

using namespace clawloops;

// An appliance that has counted since before there were months and sums keeps every row, and has the sums of all of them.
class TestUsageMigration : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void everyRowOfBeforeIsKeptAndSummed() {
        test::ThrowawayPostgres postgres;
        QVERIFY2(postgres.ok(), qPrintable(postgres.problem()));
        store::Connection connection(postgres.freshDatabase(), "test", std::chrono::seconds(30));
        QVERIFY(connection.ensure().ok());
        auto migrations = store::readMigrations(test::migrationsFolder());
        QVERIFY(migrations.ok());
        const auto usage = std::find_if(migrations->begin(), migrations->end(), [](const auto& one) { return one.name.ends_with("_usage"); });
        QVERIFY(usage != migrations->end());
        const std::vector<store::Migration> before(migrations->begin(), usage);
        QVERIFY(store::applyMigrations(connection, before).ok());
        QVERIFY(connection
                    .script("INSERT INTO usage_events SELECT 'req_' || i, i, 'c0', 'usr_' || i % 3, 'starter', 'starter', 'm', 100, 7, i % 2 = 0,"
                            " timestamptz '2026-01-01 00:00Z' + i * interval '10 hours', 5, 50, 200, CASE i % 5 WHEN 0 THEN 'upstream_error' ELSE 'ok' END,"
                            " '', 1000 FROM generate_series(0, 499) AS i")
                    .ok());
        QVERIFY(store::applyMigrations(connection, *migrations).ok());
        const auto one = [&postgres](const char* text) { return postgres.sql(QString::fromLatin1(text)); };
        QCOMPARE(one("SELECT count(*) || ' ' || sum(prompt_tokens) FROM usage_events"), QStringLiteral("500 50000"));
        QCOMPARE(one("SELECT count(*) FROM usage_events_202602"), one("SELECT count(*) FROM usage_events WHERE started_at >= '2026-02-01Z' AND started_at < '2026-03-01Z'"));
        QCOMPARE(one("SELECT sum(requests) || ' ' || sum(failed) || ' ' || sum(estimated) || ' ' || sum(completion_tokens) FROM usage_days"),
                 QStringLiteral("500 100 250 3500"));
        QCOMPARE(one("SELECT string_agg(dimension || ' ' || total, ', ' ORDER BY dimension) FROM (SELECT dimension, sum(requests) AS total FROM usage_sums"
                     " GROUP BY 1) AS sums"),
                 QStringLiteral("all 500, key 500, route 500, target 500, user 500"));
        QCOMPARE(one("SELECT to_regclass('usage_events_before') IS NULL"), QStringLiteral("t"));
    }
};

QTEST_GUILESS_MAIN(TestUsageMigration)
#include "tst_usage_migration.moc"
