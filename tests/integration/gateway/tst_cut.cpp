// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_harness.h"

#include <QTest>

using namespace clawloops;
using namespace clawloops::test;

class TestCut : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init() {
        m_gateway = std::make_unique<GatewayHarness>();
        m_gateway->start();
        m_gateway->configure({m_gateway->upstream(QStringLiteral("stall"), R"([{"text":"one two three","stall":2}])").url()});
    }
    void cleanup() { m_gateway.reset(); }
    void aUsersStreamsEndWithinTwoSeconds() {
        auto mine = begin(GatewayHarness::cellA, GatewayHarness::tokenA);
        auto other = begin(GatewayHarness::cellB, GatewayHarness::tokenB);
        const json::object reply = m_gateway->control("cut", {{"user", "usr_a"}});
        QCOMPARE(reply.at("ok").at("closed").to_number<int>(), 1);
        mine->receive({}, std::chrono::seconds(2));
        QVERIFY(mine->sawEnd());
        const auto events = m_gateway->waitForUsage(1);
        QVERIFY(events[0].at("outcome").as_string() == "cut");
        QVERIFY(events[0].at("userId").as_string() == "usr_a");
        other->receive({}, std::chrono::milliseconds(300));
        QVERIFY(!other->sawEnd());
    }
    void aCellThatIsNotConfiguredAnyMoreIsCutAndItsSocketGone() {
        auto mine = begin(GatewayHarness::cellA, GatewayHarness::tokenA);
        auto configuration = m_gateway->configurationFor({"unix:/nowhere"}, "m");
        auto& cells = configuration["cells"].as_array();
        cells.erase(cells.begin());
        m_gateway->configure(configuration);
        mine->receive({}, std::chrono::seconds(2));
        QVERIFY(mine->sawEnd());
        QVERIFY(m_gateway->waitForUsage(1)[0].at("outcome").as_string() == "cut");
        QVERIFY(!RawClient::local(m_gateway->socketOf(GatewayHarness::cellA)).connected());
        QVERIFY(RawClient::local(m_gateway->socketOf(GatewayHarness::cellB)).connected());
    }
    void sigtermBooksWhatWasUnderWay() {
        auto mine = begin(GatewayHarness::cellA, GatewayHarness::tokenA);
        m_gateway->terminate();
        QCOMPARE(m_gateway->exitCode(), 0);
        m_gateway->start();
        const auto events = m_gateway->usage();
        QCOMPARE(events.size(), std::size_t(1));
        QVERIFY(events[0].at("outcome").as_string() == "cut");
    }
    void wrongVerbsAreRefusedByName() {
        const auto message = [&](const char* verb, json::object args) {
            return std::string(m_gateway->control(verb, std::move(args)).at("error").at("message").as_string());
        };
        QVERIFY(message("cut", {}).find("\"user\" or a \"cell\"") != std::string::npos);
        QVERIFY(message("cut", {{"everybody", true}}).find("everybody") != std::string::npos ||
                message("cut", {{"everybody", true}}).find("\"user\"") != std::string::npos);
        QVERIFY(message("open.sesame", {}).find("open.sesame") != std::string::npos);
        QVERIFY(message("usage.read", {{"after", "x"}}).find("after") != std::string::npos);
    }

private:
    std::unique_ptr<RawClient> begin(const char* cell, const char* token) {
        auto client = std::make_unique<RawClient>(RawClient::local(m_gateway->socketOf(cell)));
        client->send(GatewayHarness::post("/v1/chat/completions", chatBody(true), token));
        client->receive("one ");
        return client;
    }
    std::unique_ptr<GatewayHarness> m_gateway;
};

QTEST_GUILESS_MAIN(TestCut)
#include "tst_cut.moc"
