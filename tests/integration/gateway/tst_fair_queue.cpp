// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
// A target that works on one request at a time: who waits sees their place, an admin moves and drops, a client that leaves frees its place.
#include "gateway_harness.h"

#include <QTest>

using namespace clawloops;
using namespace clawloops::test;

class TestFairQueue : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init() {
        m_gateway = std::make_unique<GatewayHarness>();
        m_gateway->start();
        m_slow = &m_gateway->upstream(QStringLiteral("slow"), R"([{"match":"hold","text":"one two","stall":2},{"match":"long","text":"a b c","delay":2.5},{"text":"done"}])");
        auto configuration = m_gateway->configurationFor({m_slow->url()}, "m");
        configuration["routes"].as_array()[0].as_object()["targets"].as_array()[0].as_object()["slots"] = 1;
        QVERIFY(m_gateway->configure(configuration).contains("ok"));
    }
    void whoWaitsSeesTheirPlaceAndThenTheAnswer() {
        auto first = ask("long", GatewayHarness::cellA, GatewayHarness::tokenA);
        QVERIFY(waitUntil([&] { return m_slow->journal("request").size() == 1; }));
        auto second = ask("next", GatewayHarness::cellB, GatewayHarness::tokenB);
        const std::string text = second.receive("[DONE]", std::chrono::seconds(20));
        const std::size_t place = text.find(": queue position=1");
        QVERIFY2(place != std::string::npos && place < text.find("done"), text.c_str());
        QVERIFY(text.starts_with("HTTP/1.1 200"));
        QVERIFY(first.receive("[DONE]").find("[DONE]") != std::string::npos);
        const auto events = m_gateway->waitForUsage(2);
        QVERIFY(events.back().at("queuedMs").as_int64() > 1000);
        QCOMPARE(events.back().at("outcome").as_string(), json::string("ok"));
    }
    void anAdminMovesAndDrops() {
        auto holder = hold();
        auto second = ask("second", GatewayHarness::cellA, GatewayHarness::tokenA);
        QVERIFY(waitUntil([&] { return queue().size() == 1; }));
        auto third = ask("third", GatewayHarness::cellA, GatewayHarness::tokenA);
        QVERIFY(waitUntil([&] { return queue().size() == 2; }));
        const std::string last = queue()[1].at("ticket").as_string().c_str();
        QVERIFY(m_gateway->control("queue.move", {{"ticket", last}}).contains("ok"));
        QCOMPARE(queue()[0].at("ticket").as_string(), json::string(last));
        QCOMPARE(queue()[0].at("position").to_number<int>(), 1);
        const std::string other = queue()[1].at("ticket").as_string().c_str();
        QVERIFY(m_gateway->control("queue.drop", {{"ticket", other}}).contains("ok"));
        QVERIFY(m_gateway->control("queue.drop", {{"ticket", other}}).contains("error"));
        QVERIFY(m_gateway->control("queue.move", {{"ticket", "7-nonsense"}}).contains("error"));
        const std::string text = second.receive({}, std::chrono::seconds(5));
        QVERIFY2(text.find("dropped") != std::string::npos || text.find("admin") != std::string::npos, text.c_str());
        QCOMPARE(m_gateway->control("refusals", {{"limit", 1}}).at("ok").at("refusals").as_array()[0].at("rule").as_string(), json::string("dropped_by_admin"));
        holder.reset(); // its place is free at once
        QVERIFY(third.receive("[DONE]", std::chrono::seconds(10)).find("done") != std::string::npos);
        QCOMPARE(inFlight(), 0);
    }
    void aClientThatLeavesFreesItsPlaceInTheQueue() {
        auto holder = hold();
        auto leaver = std::make_unique<RawClient>(ask("leaver", GatewayHarness::cellB, GatewayHarness::tokenB));
        QVERIFY(waitUntil([&] { return queue().size() == 1; }));
        leaver.reset();
        QVERIFY(waitUntil([&] { return queue().empty(); }));
        QCOMPARE(m_slow->journal("request").size(), std::size_t(1));
        // Nothing was asked of anybody for it, so nothing is booked.
        holder.reset();
        QCOMPARE(m_gateway->waitForUsage(1).size(), std::size_t(1));
        QVERIFY(waitUntil([&] { return inFlight() == 0; }));
    }
    void aWholeAnswerJustWaits() {
        auto holder = hold();
        auto client = RawClient::local(m_gateway->socketOf(GatewayHarness::cellB));
        client.send(GatewayHarness::post("/v1/chat/completions", chatBody(false, "whole"), GatewayHarness::tokenB));
        QVERIFY(waitUntil([&] { return queue().size() == 1; }));
        QTest::qWait(1500);
        holder.reset();
        const Answer answer = parseAnswer(client.receive({}, std::chrono::seconds(10)));
        QCOMPARE(answer.status, 200);
        QVERIFY(answer.whole);
        QCOMPARE(answer.fields.at("content-type"), std::string("application/json"));
    }
    void onePersonsCrowdIsRefusedBeyondItsPlaces() {
        auto holder = hold();
        std::vector<std::unique_ptr<RawClient>> crowd;
        for (int i = 0; i < 15; ++i) {
            crowd.push_back(std::make_unique<RawClient>(ask("crowd", GatewayHarness::cellA, GatewayHarness::tokenA)));
            QVERIFY(waitUntil([&] { return static_cast<int>(queue().size()) == i + 1; }));
        }
        // The other person waits behind one of them at most, not behind fifteen.
        auto other = ask("other", GatewayHarness::cellB, GatewayHarness::tokenB);
        QVERIFY(waitUntil([&] { return queue().size() == 16; }));
        const auto all = queue();
        for (const json::object& entry : all) {
            if (entry.at("user").as_string() == "usr_b")
                QVERIFY(entry.at("position").to_number<int>() <= 2);
        }
    }

private:
    RawClient ask(std::string_view text, const char* cell, const char* token) {
        auto client = RawClient::local(m_gateway->socketOf(cell));
        client.send(GatewayHarness::post("/v1/chat/completions", chatBody(true, text), token));
        return client;
    }
    std::unique_ptr<RawClient> hold() { // has the only slot until it leaves
        auto client = std::make_unique<RawClient>(ask("hold", GatewayHarness::cellA, GatewayHarness::tokenA));
        client->receive("one ");
        return client;
    }
    std::vector<json::object> queue() {
        std::vector<json::object> entries;
        const json::object reply = m_gateway->control("queue.list");
        for (const json::value& entry : reply.at("ok").at("entries").as_array())
            entries.push_back(entry.as_object());
        return entries;
    }
    int inFlight() { return m_gateway->control("targets").at("ok").at("targets").as_array()[0].at("inFlight").to_number<int>(); }
    std::unique_ptr<GatewayHarness> m_gateway;
    Upstream* m_slow = nullptr;
};

QTEST_GUILESS_MAIN(TestFairQueue)
#include "tst_fair_queue.moc"
