// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_harness.h"

#include <QTest>

using namespace clawloops;
using namespace clawloops::test;

class TestBackpressure : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void aStalledReaderStallsTheUpstreamAndNotOurMemory() {
        GatewayHarness gateway;
        gateway.start();
        // 100 MB: 1000 events of 100 kB
        Upstream& up = gateway.upstream(QStringLiteral("big"), R"([{"match":"big","text":"word","repeat":1000,"pad":100000},{}])");
        gateway.configure({up.url()});
        for (int i = 0; i < 3; ++i) // what a first request costs once is not what this is about
            QVERIFY(gateway.ask("/v1/chat/completions", chatBody(true)).whole);
        const qint64 before = gateway.memoryKiB();
        auto client = RawClient::local(gateway.socketOf(GatewayHarness::cellA));
        client.send(GatewayHarness::post("/v1/chat/completions", chatBody(true, "big")));
        std::string text = client.receive("word");
        QTest::qWait(3000); // the upstream offers all it has meanwhile
        const qint64 stalled = gateway.memoryKiB();
        QVERIFY2(stalled - before <= 2048, QByteArray::number(stalled - before).constData());
        QCOMPARE(up.journal("end").size(), std::size_t(3)); // it waits
        text += client.receive({}, std::chrono::seconds(120));
        const Answer answer = parseAnswer(text);
        QVERIFY(answer.whole);
        QVERIFY(answer.body.size() > 100'000'000);
        QVERIFY(answer.body.ends_with("data: [DONE]\n\n"));
        QVERIFY(gateway.memoryKiB() - before <= 2048);
        const auto events = gateway.waitForUsage(4);
        QVERIFY(events.back().at("outcome").as_string() == "ok");
        QCOMPARE(events.back().at("bytesOut").as_int64(), std::int64_t(answer.body.size()));
    }
};

QTEST_GUILESS_MAIN(TestBackpressure)
#include "tst_backpressure.moc"
