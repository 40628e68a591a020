// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/migrations.h"
#include "store/row.h"

#include <QTemporaryDir>
#include <QTest>

#include <fstream>

using namespace clawloops;
using namespace clawloops::store;

class TestStoreValues : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void timesAreReadAsUtc_data() {
        QTest::addColumn<QString>("text");
        QTest::addColumn<qint64>("millis");
        QTest::newRow("no fraction") << QStringLiteral("2026-11-22 17:20:12+00") << qint64(1795368012000);
        QTest::newRow("micros") << QStringLiteral("2026-11-22 17:20:12.345678+00") << qint64(1795368012345);
        QTest::newRow("short fraction") << QStringLiteral("1970-01-01 00:00:00.5+00") << qint64(500);
    }
    void timesAreReadAsUtc() {
        QFETCH(QString, text);
        QFETCH(qint64, millis);
        const Row row({text.toStdString()});
        QCOMPARE(toUnixMillis(row.time(0)), millis);
    }

    void nullReadsAsNothing() {
        const Row row({std::nullopt});
        QVERIFY(row.isNull(0));
        QCOMPARE(row.integer(0), 0);
        QVERIFY(!row.optionalInteger(0));
        QVERIFY(!row.optionalTime(0));
        QCOMPARE(row.text(0), std::string());
    }

    void parametersAreTexts() {
        QCOMPARE(*Param(true).text(), std::string("true"));
        QCOMPARE(*Param(-7).text(), std::string("-7"));
        QCOMPARE(*Param(0.25).text(), std::string("0.25"));
        QVERIFY(!Param(std::nullopt).text());
        QVERIFY(!Param(std::optional<std::string>()).text());
        QCOMPARE(*Param(std::optional<std::string>("x")).text(), std::string("x"));
        QCOMPARE(*Param(fromUnixMillis(500)).text(), std::string("1970-01-01T00:00:00.500Z"));
    }

    void migrationsComeInOrder() {
        const QTemporaryDir folder;
        write(folder, "0002_b.sql");
        write(folder, "0001_a.sql");
        write(folder, "notes.txt");
        auto migrations = readMigrations(folder.path().toStdString());
        QVERIFY(migrations.ok());
        QCOMPARE(migrations->size(), std::size_t(2));
        QCOMPARE(migrations->front().name, std::string("0001_a"));
        QCOMPARE(migrations->back().number, 2);
    }

    void aGapOrATwinIsRefused_data() {
        QTest::addColumn<QStringList>("files");
        QTest::addColumn<QString>("word");
        QTest::newRow("none") << QStringList() << QStringLiteral("no migration files");
        QTest::newRow("gap") << QStringList{QStringLiteral("0001_a.sql"), QStringLiteral("0003_c.sql")} << QStringLiteral("number 2");
        QTest::newRow("twin") << QStringList{QStringLiteral("0001_a.sql"), QStringLiteral("0001_b.sql")} << QStringLiteral("0001");
    }
    void aGapOrATwinIsRefused() {
        QFETCH(QStringList, files);
        QFETCH(QString, word);
        const QTemporaryDir folder;
        for (const QString& file : files)
            write(folder, file.toUtf8().constData());
        auto migrations = readMigrations(folder.path().toStdString());
        QVERIFY(!migrations.ok());
        QVERIFY2(QString::fromStdString(migrations.error().message).contains(word), migrations.error().message.c_str());
    }

private:
    static void write(const QTemporaryDir& folder, const char* name) {
        std::ofstream(folder.path().toStdString() + "/" + name) << "SELECT 1;";
    }
};

QTEST_GUILESS_MAIN(TestStoreValues)
#include "tst_store_values.moc"
