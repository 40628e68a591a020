// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/files.h"
#include "gateway/usage_spool.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace clawloops;
using gateway::UsageSpool;
using gateway_verbs::UsageEvent;

namespace {

UsageEvent made(int number) {
    UsageEvent e;
    e.requestId = "req_" + std::to_string(number);
    e.outcome = "ok";
    e.startedAt = "2026-11-22T17:20:12.345Z";
    return e;
}

std::unique_ptr<UsageSpool> spoolIn(const QTemporaryDir& dir, std::uint64_t segmentBytes = 4u << 20) {
    auto spool = UsageSpool::open(dir.path().toStdString(), {segmentBytes, 768u << 10});
    return spool.ok() ? std::move(*spool) : nullptr;
}

QStringList segments(const QTemporaryDir& dir) {
    return QDir(dir.path()).entryList({QStringLiteral("usage-*.jsonl")}, QDir::Files, QDir::Name);
}

} // namespace

class TestUsageSpool : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void numbersGoOnAfterAReopening() {
        QTemporaryDir dir;
        {
            auto spool = spoolIn(dir);
            QVERIFY(spool);
            for (int i = 1; i <= 200; ++i)
                QCOMPARE(spool->book(made(i)), std::int64_t(i));
        }
        auto spool = spoolIn(dir);
        QCOMPARE(spool->last(), 200);
        const auto events = spool->read(130, 10);
        QVERIFY(events.ok());
        QCOMPARE(events->size(), std::size_t(10));
        QCOMPARE(events->front().seq, 131);
        QCOMPARE(events->front().requestId, std::string("req_131"));
        QCOMPARE(events->back().seq, 140);
        QCOMPARE(spool->read(200, 10)->size(), std::size_t(0));
    }
    void aHalfWrittenLineIsCutOff() {
        QTemporaryDir dir;
        {
            auto spool = spoolIn(dir);
            spool->book(made(1));
            spool->book(made(2));
        }
        QFile file(dir.filePath(segments(dir).front()));
        QVERIFY(file.open(QIODevice::Append));
        file.write("{\"seq\":3,\"requestId\":\"req_3\",\"cel");
        file.close();
        auto spool = spoolIn(dir);
        QVERIFY(spool);
        QCOMPARE(spool->last(), 2);
        QCOMPARE(spool->book(made(3)), 3);
        const auto events = spool->read(0, 100);
        QVERIFY(events.ok());
        QCOMPARE(events->size(), std::size_t(3));
        QCOMPARE(events->back().requestId, std::string("req_3"));
    }
    void ackedSegmentsGoAndTheNumberStays() {
        QTemporaryDir dir;
        {
            auto spool = spoolIn(dir, 2000);
            for (int i = 1; i <= 50; ++i)
                spool->book(made(i));
            QVERIFY(segments(dir).size() > 3);
            QVERIFY(spool->read(0, 1000)->size() == 50);
            QVERIFY(!spool->ack(51).ok());
            QVERIFY(spool->ack(50).ok());
            QVERIFY(spool->ack(20).ok()); // going back does nothing
            QCOMPARE(spool->acked(), 50);
            QCOMPARE(segments(dir).size(), 1);
        }
        auto spool = spoolIn(dir, 2000);
        QCOMPARE(spool->last(), 50);
        QCOMPARE(spool->acked(), 50);
        QCOMPARE(spool->book(made(51)), 51);
    }
    void aSecondGatewayIsRefused() {
        QTemporaryDir dir;
        auto spool = spoolIn(dir);
        const auto second = UsageSpool::open(dir.path().toStdString());
        QVERIFY(!second.ok());
        QVERIFY(second.error().message.find("in use") != std::string::npos);
    }
    void damageInTheMiddleIsSaidAndNotRepairedAway() {
        QTemporaryDir dir;
        {
            auto spool = spoolIn(dir, 2000);
            for (int i = 1; i <= 30; ++i)
                spool->book(made(i));
        }
        QFile file(dir.filePath(segments(dir).front()));
        QVERIFY(file.open(QIODevice::ReadWrite));
        file.write("x");
        file.close();
        const auto spool = UsageSpool::open(dir.path().toStdString(), {2000, 768u << 10});
        QVERIFY(!spool.ok());
        QVERIFY(spool.error().message.find("damaged") != std::string::npos);
    }
    void aReplyFitsItsLine() {
        QTemporaryDir dir;
        auto spool = UsageSpool::open(dir.path().toStdString(), {1u << 20, 10'000}).value().release();
        for (int i = 1; i <= 200; ++i)
            spool->book(made(i));
        const auto events = spool->read(0, 1000);
        QVERIFY(events->size() > 10 && events->size() < 60);
        QCOMPARE(events->back().seq, std::int64_t(events->size()));
        delete spool;
    }
};

QTEST_GUILESS_MAIN(TestUsageSpool)
#include "tst_usage_spool.moc"
