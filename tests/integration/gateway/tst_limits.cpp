// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_harness.h"

#include <QTest>

using namespace clawloops;
using namespace clawloops::test;

class TestLimits : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { m_gateway.start(); }
    void init() { m_gateway.configure({m_gateway.upstream(QStringLiteral("up")).url()}); }
    void aBodyOverTheLimitIsRefusedBeforeItIsRead() {
        auto client = RawClient::local(m_gateway.socketOf(GatewayHarness::cellA));
        client.send("POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + std::string(GatewayHarness::tokenA) +
                    "\r\nContent-Length: 40000000\r\n\r\n{");
        const std::string text = client.receive("}}");
        QVERIFY(text.starts_with("HTTP/1.1 413"));
        QVERIFY(text.find("32 MiB") != std::string::npos);
    }
    void aChunkedBodyOverTheLimitIsRefusedToo() {
        auto client = RawClient::local(m_gateway.socketOf(GatewayHarness::cellA));
        client.send("POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + std::string(GatewayHarness::tokenA) +
                    "\r\nTransfer-Encoding: chunked\r\n\r\n");
        const std::string mebibyte = "100000\r\n" + std::string(1 << 20, ' ') + "\r\n";
        for (int i = 0; i < 33; ++i)
            client.send(mebibyte);
        QVERIFY(client.receive("}}").starts_with("HTTP/1.1 413"));
    }
    void whatIsWrongIsA400ThatSaysWhy() {
        QCOMPARE(m_gateway.ask("/v1/chat/completions", "{").status, 400);
        QCOMPARE(m_gateway.ask("/v1/messages", "[]").json().at("error").at("type").as_string(), json::string("invalid_request_error"));
        const Answer twice = m_gateway.ask("/v1/chat/completions", R"({"model":"m","model":"n"})");
        QCOMPARE(twice.status, 400);
        QVERIFY(twice.body.find("twice") != std::string::npos);
        const Answer unknown = m_gateway.ask("/v1/chat/completions", R"({"model":"gpt-9"})");
        QCOMPARE(unknown.status, 404);
        QVERIFY(unknown.json().at("error").at("code").as_string() == "model_not_found");
        QCOMPARE(m_gateway.upstream(QStringLiteral("up")).journal("request").size(), std::size_t(0));
    }
    void aModelThatIsNotOpenToTheCellDoesNotExistForIt() {
        auto configuration = m_gateway.configurationFor({m_gateway.upstream(QStringLiteral("up")).url()}, "m");
        configuration["cells"].as_array()[0].as_object()["routes"] = json::array();
        m_gateway.configure(configuration);
        QCOMPARE(m_gateway.ask("/v1/chat/completions", chatBody(false)).status, 404);
        QCOMPARE(m_gateway.upstream(QStringLiteral("up")).journal("request").size(), std::size_t(0));
    }
    void oneCellCannotTakeEverySlot() {
        Upstream& stall = m_gateway.upstream(QStringLiteral("stall"), R"([{"text":"one two","stall":1},{}])");
        m_gateway.configure({stall.url()});
        std::vector<std::unique_ptr<RawClient>> clients;
        for (int i = 0; i < 16; ++i) {
            clients.push_back(std::make_unique<RawClient>(RawClient::local(m_gateway.socketOf(GatewayHarness::cellA))));
            clients.back()->send(GatewayHarness::post("/v1/chat/completions", chatBody(true)));
            clients.back()->receive("assistant");
        }
        const Answer more = m_gateway.ask("/v1/chat/completions", chatBody(true));
        QCOMPARE(more.status, 429);
        QVERIFY(more.fields.contains("retry-after"));
        clients.pop_back();
        QVERIFY(waitUntil([&] {
            auto again = RawClient::local(m_gateway.socketOf(GatewayHarness::cellA));
            again.send(GatewayHarness::post("/v1/chat/completions", chatBody(true)));
            return again.receive("\r\n").starts_with("HTTP/1.1 200");
        }));
    }
    // A loop of requests that the target refuses at once would be a row each, for ever.
    void aLoopOfRequestsIsSlowedAndWhatIsRefusedIsNotBooked() {
        GatewayHarness gateway;
        gateway.start();
        gateway.configure({gateway.upstream(QStringLiteral("strict"), R"([{"status":400}])").url()});
        const auto since = std::chrono::steady_clock::now();
        int let = 0;
        int refused = 0;
        Answer last;
        for (int i = 0; i < 5000 && refused < 100; ++i) { // faster than ten a second even on a slow machine
            const Answer answer = gateway.ask(i % 2 == 0 ? "/v1/messages" : "/v1/chat/completions", chatBody(false));
            QVERIFY(answer.status == 429 || answer.status == 400);
            ++(answer.status == 429 ? refused : let);
            if (answer.status == 429 && i % 2 == 0)
                last = answer;
        }
        const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(std::chrono::steady_clock::now() - since).count();
        QCOMPARE(refused, 100);
        QVERIFY(let >= 200 && let <= 200 + 10 * (seconds + 1));
        QCOMPARE(last.fields.at("retry-after"), std::string("1"));
        QVERIFY(last.json().at("error").at("type").as_string() == "rate_limit_error");
        QCOMPARE(gateway.control("stats").at("ok").at("usageLast").to_number<int>(), let);
        const auto told = gateway.log().count("too many in a short time");
        QVERIFY(told >= 1 && told <= seconds + 1);
        QCOMPARE(gateway.ask("/v1/chat/completions", chatBody(false), GatewayHarness::cellB, GatewayHarness::tokenB).status, 400); // nobody else is slowed
        // The pause that it was told is enough.
        QVERIFY(waitUntil([&] { return gateway.ask("/v1/chat/completions", chatBody(false)).status == 400; }));
    }

private:
    GatewayHarness m_gateway;
};

QTEST_GUILESS_MAIN(TestLimits)
#include "tst_limits.moc"
