// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/migrations.h"
#include "support/postgres.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <filesystem>
#include <fstream>
#include <thread>

using namespace clawloops;
using namespace clawloops::store;
using clawloops::test::ThrowawayPostgres;

class TestMigrations : public QObject {
    Q_OBJECT

    ThrowawayPostgres m_postgres;
    std::unique_ptr<QTemporaryDir> m_folder;

    Status apply() {
        auto migrations = readMigrations(m_folder->path().toStdString());
        if (!migrations)
            return migrations.error();
        Connection connection(m_postgres.url(), "test", std::chrono::seconds(10));
        return applyMigrations(connection, *migrations);
    }
    void write(const char* name, const char* sql) { std::ofstream(m_folder->path().toStdString() + "/" + name) << sql; }
    static void refused(const Status& status, const char* word) {
        QVERIFY(!status.ok());
        QCOMPARE(status.error().code, ErrorCode::InvalidRequest);
        QVERIFY2(status.error().message.find(word) != std::string::npos, status.error().message.c_str());
    }

private Q_SLOTS:
    void init() {
        QVERIFY2(m_postgres.ok(), qPrintable(m_postgres.problem()));
        m_postgres.freshDatabase();
        m_folder = std::make_unique<QTemporaryDir>();
        write("0001_a.sql", "CREATE TABLE a (x int);");
        write("0002_b.sql", "INSERT INTO a VALUES (1); INSERT INTO a VALUES (2);");
    }

    void eachIsAppliedOnce() {
        QVERIFY(apply().ok());
        QVERIFY(apply().ok());
        QCOMPARE(m_postgres.sql(QStringLiteral("SELECT count(*) FROM a")), QStringLiteral("2"));
        write("0003_c.sql", "INSERT INTO a VALUES (3);");
        QVERIFY(apply().ok());
        QCOMPARE(m_postgres.sql(QStringLiteral("SELECT count(*) FROM a")), QStringLiteral("3"));
    }

    void anEditedOneStopsTheStart() {
        QVERIFY(apply().ok());
        write("0001_a.sql", "CREATE TABLE a (x bigint);");
        refused(apply(), "0001_a.sql was changed");
    }

    void aMissingOneStopsTheStart() {
        QVERIFY(apply().ok());
        QFile::remove(m_folder->filePath(QStringLiteral("0002_b.sql")));
        refused(apply(), "newer version");
        write("0002_other.sql", "SELECT 1;");
        refused(apply(), "0002_b");
    }

    void aFailingOneLeavesNothingBehind() {
        write("0003_c.sql", "CREATE TABLE c (x int); INSERT INTO nowhere VALUES (1);");
        const Status failed = apply();
        QVERIFY(!failed.ok());
        QVERIFY2(failed.error().message.find("0003_c") != std::string::npos, failed.error().message.c_str());
        QCOMPARE(m_postgres.sql(QStringLiteral("SELECT count(*) FROM pg_tables WHERE tablename = 'c'")), QStringLiteral("0"));
        QCOMPARE(m_postgres.sql(QStringLiteral("SELECT count(*) FROM schema_migrations")), QStringLiteral("2"));
        write("0003_c.sql", "CREATE TABLE c (x int);");
        QVERIFY(apply().ok());
    }

    void twoThatStartAtOnceTakeTurns() {
        std::array<bool, 4> fine{};
        std::vector<std::thread> starters;
        for (bool& outcome : fine)
            starters.emplace_back([this, &outcome] { outcome = apply().ok(); });
        for (std::thread& starter : starters)
            starter.join();
        QVERIFY(fine[0] && fine[1] && fine[2] && fine[3]);
        QCOMPARE(m_postgres.sql(QStringLiteral("SELECT count(*) FROM a")), QStringLiteral("2"));
    }

    void theShippedOnesApply() {
        auto migrations = readMigrations(test::migrationsFolder());
        QVERIFY(migrations.ok());
        Connection connection(m_postgres.url(), "test", std::chrono::seconds(10));
        const Status applied = applyMigrations(connection, *migrations);
        QVERIFY2(applied.ok(), applied.ok() ? "" : applied.error().detail.c_str());
        QCOMPARE(m_postgres.sql(QStringLiteral("SELECT string_agg(name, ' ' ORDER BY position) FROM routes")),
                 QStringLiteral("starter starter-litellm"));
    }
};

QTEST_GUILESS_MAIN(TestMigrations)
#include "tst_migrations.moc"
