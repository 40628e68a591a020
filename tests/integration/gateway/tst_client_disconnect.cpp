// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_harness.h"

#include <QTest>

using namespace clawloops;
using namespace clawloops::test;

class TestClientDisconnect : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { m_gateway.start(); }
    void aClientThatLeavesInTheMiddleCancelsTheUpstream() {
        Upstream& up = m_gateway.upstream(QStringLiteral("stall"), R"([{"text":"one two three","stall":2}])");
        m_gateway.configure({up.url()});
        auto client = RawClient::local(m_gateway.socketOf(GatewayHarness::cellA));
        client.send(GatewayHarness::post("/v1/chat/completions", chatBody(true)));
        QVERIFY(client.receive("one ").find("one ") != std::string::npos);
        client.close();
        QVERIFY(waitUntil([&] { return !up.journal("end").empty(); }, std::chrono::seconds(10)));
        QVERIFY(!up.journal("end").front().at("ok").as_bool());
        const auto events = m_gateway.waitForUsage(1);
        QCOMPARE(events.size(), std::size_t(1));
        QVERIFY(events[0].at("outcome").as_string() == "client_gone");
        QVERIFY(events[0].at("estimated").as_bool());
        QVERIFY(events[0].at("promptTokens").as_int64() > 0);
    }
    void aClientThatLeavesBeforeTheFirstByteIsBookedAs499() {
        Upstream& up = m_gateway.upstream(QStringLiteral("slow"), R"([{"text":"late","delay":5}])");
        m_gateway.configure({up.url()});
        auto client = RawClient::local(m_gateway.socketOf(GatewayHarness::cellA));
        client.send(GatewayHarness::post("/v1/chat/completions", chatBody(true)));
        QVERIFY(waitUntil([&] { return !up.journal("request").empty(); }));
        client.close();
        const auto events = m_gateway.waitForUsage(2);
        QCOMPARE(events.size(), std::size_t(2));
        QVERIFY(events[1].at("outcome").as_string() == "client_gone");
        QCOMPARE(events[1].at("status").as_int64(), 499);
        QVERIFY(events[1].at("durationMs").as_int64() < 4500); // at once, not when the upstream would have answered
    }

private:
    GatewayHarness m_gateway;
};

QTEST_GUILESS_MAIN(TestClientDisconnect)
#include "tst_client_disconnect.moc"
