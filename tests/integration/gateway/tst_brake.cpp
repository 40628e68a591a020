// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
// An agent that runs away is slowed, then held until an admin releases it: a heartbeat loop, a tool loop, and by hand.
#include "gateway_harness.h"

#include <QTest>

using namespace clawloops;
using namespace clawloops::test;

namespace {

std::string toolTurn(int turn, std::string_view arguments) {
    const std::string id = "call_" + std::to_string(turn);
    json::object call{{"id", id}, {"type", "function"}, {"function", json::object{{"name", "look"}, {"arguments", arguments}}}};
    json::array messages{json::object{{"role", "user"}, {"content", "go on"}}, json::object{{"role", "assistant"}, {"tool_calls", json::array{std::move(call)}}},
                         json::object{{"role", "tool"}, {"tool_call_id", id}, {"content", "nothing " + std::to_string(turn)}}};
    return json::serialize(json::object{{"model", "m"}, {"messages", std::move(messages)}});
}

} // namespace

class TestBrake : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init() {
        m_gateway = std::make_unique<GatewayHarness>();
        m_gateway->start();
        m_configuration = m_gateway->configurationFor({m_gateway->upstream(QStringLiteral("up")).url()}, "m");
    }
    void theSameRequestOverAndOverIsSlowedAndSaidToBe() {
        brake({{"identicalRequests", 5}, {"identicalWithinSeconds", 300}});
        Answer answer;
        int let = 0;
        for (int i = 0; i < 20 && (answer = m_gateway->ask("/v1/chat/completions", chatBody(false, "are you there"))).status == 200; ++i)
            ++let;
        QCOMPARE(let, 5);
        QCOMPARE(answer.status, 429);
        QVERIFY(std::stoi(answer.fields.at("retry-after")) >= 1);
        const json::object one = people().at(0);
        QCOMPARE(one.at("user").as_string(), json::string("usr_a"));
        QCOMPARE(one.at("state").as_string(), json::string("slowed"));
        QCOMPARE(one.at("rule").as_string(), json::string("identical_requests"));
        QVERIFY(!one.at("sentence").as_string().empty() && !one.at("numbers").as_object().empty());
        QCOMPARE(m_gateway->control("refusals", {{"limit", 1}}).at("ok").at("refusals").as_array()[0].at("requestId").as_string(),
                 json::string(answer.fields.at("x-request-id")));
        // Somebody else's requests go on, and so do theirs once they are released.
        QCOMPARE(m_gateway->ask("/v1/chat/completions", chatBody(false), GatewayHarness::cellB, GatewayHarness::tokenB).status, 200);
        QVERIFY(m_gateway->control("brake.release", {{"user", "usr_a"}}).contains("ok"));
        QCOMPARE(m_gateway->ask("/v1/chat/completions", chatBody(false, "are you there")).status, 200);
        QVERIFY(m_gateway->control("brake.release", {{"user", "usr_nobody"}}).contains("error"));
    }
    void aToolLoopIsSeenThroughItsChangingIds() {
        brake({{"identicalToolCalls", 4}});
        int let = 0;
        while (let < 20 && m_gateway->ask("/v1/chat/completions", toolTurn(let, "{at: the same}")).status == 200)
            ++let;
        QCOMPARE(let, 4);
        QCOMPARE(people().at(0).at("rule").as_string(), json::string("identical_tool_calls"));
        m_gateway->control("brake.release", {{"user", "usr_a"}});
        for (int i = 0; i < 12; ++i) // each time something else
            QCOMPARE(m_gateway->ask("/v1/chat/completions", toolTurn(i, std::to_string(i))).status, 200);
    }
    void whoIsHeldLosesWhatIsUnderWayUntilReleased() {
        m_configuration["routes"].as_array()[0].as_object()["targets"].as_array()[0].as_object()["url"] =
            m_gateway->upstream(QStringLiteral("stall"), R"([{"match":"wait","text":"one two","stall":2},{}])").url();
        brake({});
        auto running = RawClient::local(m_gateway->socketOf(GatewayHarness::cellA));
        running.send(GatewayHarness::post("/v1/chat/completions", chatBody(true, "wait")));
        running.receive("one ");
        const auto since = std::chrono::steady_clock::now();
        QVERIFY(m_gateway->control("brake.hold", {{"user", "usr_a"}, {"sentence", "Wait until the review."}}).contains("ok"));
        running.receive({}, std::chrono::seconds(5));
        QVERIFY(running.sawEnd());
        QVERIFY(std::chrono::steady_clock::now() - since < std::chrono::seconds(1));
        const Answer held = m_gateway->ask("/v1/chat/completions", chatBody(false));
        QCOMPARE(held.status, 403);
        QVERIFY2(held.body.find("Wait until the review.") != std::string::npos, held.body.c_str());
        QCOMPARE(people().at(0).at("state").as_string(), json::string("held"));
        m_gateway->control("brake.release", {{"user", "usr_a"}});
        QCOMPARE(m_gateway->ask("/v1/chat/completions", chatBody(false)).status, 200);
    }

private:
    void brake(json::object settings) {
        for (const char* off : {"identicalRequests", "identicalWithinSeconds", "identicalToolCalls", "requestsPerTenMinutes", "spendTimesUsual", "spendFloorNanos"})
            settings.emplace(off, 0);
        m_configuration["brake"] = std::move(settings);
        QVERIFY(m_gateway->configure(m_configuration).contains("ok"));
    }
    std::vector<json::object> people() {
        std::vector<json::object> all;
        const json::object reply = m_gateway->control("brake.list");
        for (const json::value& one : reply.at("ok").at("people").as_array())
            all.push_back(one.as_object());
        return all;
    }
    std::unique_ptr<GatewayHarness> m_gateway;
    json::object m_configuration;
};

QTEST_GUILESS_MAIN(TestBrake)
#include "tst_brake.moc"
