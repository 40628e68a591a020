// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
// kill -9 of the gateway in the middle of answers (threat row 27): none of them looks whole, each is booked once.
#include "gateway_harness.h"

#include <QTest>
#include <set>

using namespace clawloops;
using namespace clawloops::test;

class TestKilled : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void anAnswerUnderWayEndsBroken_data() {
        QTest::addColumn<QByteArray>("path");
        QTest::addColumn<bool>("stream");
        for (const char* path : {"/v1/chat/completions", "/v1/completions", "/v1/responses", "/v1/messages"})
            QTest::addRow("%s streamed", path) << QByteArray(path) << true;
        QTest::newRow("one value") << QByteArray("/v1/chat/completions") << false;
    }
    void anAnswerUnderWayEndsBroken() {
        QFETCH(QByteArray, path);
        QFETCH(bool, stream);
        GatewayHarness gateway;
        // A whole answer comes in one piece: that one waits in front of it.
        Upstream& up = gateway.upstream(QStringLiteral("up"), R"([{"text":"one two three four","stall":4}])");
        Upstream& slow = gateway.upstream(QStringLiteral("slow"), R"([{"delay":600}])");
        gateway.start();
        gateway.configure({stream ? up.url() : slow.url()});
        auto client = RawClient::local(gateway.socketOf(GatewayHarness::cellA));
        client.send(GatewayHarness::post(path.toStdString(), chatBody(stream)));
        std::string text = stream ? client.receive("one ") : std::string();
        QVERIFY(waitUntil([&] { return (stream ? up : slow).journal("request").size() == 1; }));
        gateway.kill();
        text += client.receive();
        QVERIFY(client.sawEnd());
        const Answer answer = parseAnswer(text);
        QVERIFY(!answer.whole);
        for (const char* end : {"[DONE]", "message_stop", "response.completed"})
            QVERIFY2(answer.body.find(end) == std::string::npos, answer.body.c_str());
        if (stream) // the model server's work was given up with it
            QVERIFY(waitUntil([&] { return up.journal("end").size() == 1 && !up.journal("end").front().at("ok").as_bool(); }));
    }
    void anAnswerIsBookedBeforeItsLastBytesGoOn() {
        GatewayHarness gateway;
        // All events, [DONE] too, but not the end of the body: role, word, stop, usage, [DONE].
        Upstream& up = gateway.upstream(QStringLiteral("up"), R"([{"text":"done","stall":5}])");
        gateway.start();
        gateway.configure({up.url()});
        auto client = RawClient::local(gateway.socketOf(GatewayHarness::cellA));
        client.send(GatewayHarness::post("/v1/chat/completions", chatBody(true)));
        QVERIFY(client.receive("[DONE]").find("[DONE]") != std::string::npos);
        gateway.kill();
        gateway.start();
        const auto events = gateway.usage();
        QCOMPARE(events.size(), std::size_t(1));
        QVERIFY(events[0].at("outcome").as_string() == "ok");
        QCOMPARE(events[0].at("completionTokens").as_int64(), std::int64_t(1));
        QVERIFY(!events[0].at("estimated").as_bool());
    }
    void whatWasUnderWayIsBookedAsInterruptedOnce() {
        GatewayHarness gateway;
        Upstream& slow = gateway.upstream(QStringLiteral("slow"), R"([{"match":"long","delay":600},{"text":"done"}])");
        gateway.start();
        gateway.configure({slow.url()});
        QVERIFY(gateway.ask("/v1/chat/completions", chatBody(true, "short")).whole);
        const std::string body = chatBody(false, "long");
        auto client = RawClient::local(gateway.socketOf(GatewayHarness::cellA));
        client.send(GatewayHarness::post("/v1/chat/completions", body));
        QVERIFY(waitUntil([&] { return slow.journal("request").size() == 2; }));
        gateway.kill();
        for (int start = 0; start < 3; ++start) {
            gateway.start();
            const auto events = gateway.usage();
            QCOMPARE(events.size(), std::size_t(2));
            QVERIFY(events[0].at("outcome").as_string() == "ok");
            const json::object& event = events[1];
            QVERIFY(event.at("outcome").as_string() == "interrupted");
            QVERIFY(event.at("cellId").as_string() == GatewayHarness::cellA);
            QVERIFY(event.at("userId").as_string() == "usr_a");
            QVERIFY(event.at("route").as_string() == "m");
            QVERIFY(event.at("estimated").as_bool());
            QCOMPARE(event.at("promptTokens").as_int64(), static_cast<std::int64_t>(body.size() / 4));
            QCOMPARE(event.at("completionTokens").as_int64(), std::int64_t(0));
            gateway.kill();
        }
    }
    void whatWasWholeAndWhatWasNotAreBookedOnce() {
        GatewayHarness gateway;
        Upstream& up = gateway.upstream(QStringLiteral("up"), R"([{"match":"short","text":"done"},{"text":"one two three four","stall":3}])");
        std::set<std::string> whole;
        std::set<std::string> broken;
        for (int round = 0; round < 3; ++round) {
            gateway.start();
            gateway.configure({up.url()});
            std::vector<RawClient> clients;
            for (int i = 0; i < 4; ++i) {
                clients.push_back(RawClient::local(gateway.socketOf(GatewayHarness::cellA)));
                clients.back().send(GatewayHarness::post("/v1/chat/completions", chatBody(true)));
                const std::string begun = clients.back().receive("one ");
                const std::size_t at = begun.find("X-Request-Id: req_");
                QVERIFY2(at != std::string::npos, begun.c_str());
                broken.insert(begun.substr(at + 14, 24));
            }
            for (int i = 0; i < 4; ++i) {
                const Answer answer = gateway.ask("/v1/chat/completions", chatBody(i % 2 == 0, "short"), GatewayHarness::cellB, GatewayHarness::tokenB);
                QVERIFY(answer.whole);
                whole.insert(answer.fields.at("x-request-id"));
            }
            gateway.kill(); // at once: what the client has is booked
        }
        gateway.start();
        std::map<std::string, int> booked;
        std::map<std::string, std::string> outcomes;
        std::int64_t seq = 0;
        for (const json::object& event : gateway.usage()) {
            ++booked[std::string(event.at("requestId").as_string())];
            outcomes[std::string(event.at("requestId").as_string())] = event.at("outcome").as_string();
            QCOMPARE(event.at("seq").as_int64(), ++seq); // without gaps
        }
        QCOMPARE(broken.size(), std::size_t(12));
        QCOMPARE(whole.size(), std::size_t(12));
        QCOMPARE(booked.size(), whole.size() + broken.size());
        for (const std::string& id : whole) {
            QCOMPARE(booked[id], 1);
            QCOMPARE(outcomes[id], std::string("ok"));
        }
        for (const std::string& id : broken) {
            QCOMPARE(booked[id], 1);
            QCOMPARE(outcomes[id], std::string("interrupted"));
        }
        // And it serves on.
        gateway.configure({up.url()});
        QVERIFY(gateway.ask("/v1/chat/completions", chatBody(true, "short")).whole);
        QCOMPARE(gateway.waitForUsage(static_cast<std::size_t>(seq) + 1).back().at("seq").as_int64(), seq + 1);
    }
};

QTEST_GUILESS_MAIN(TestKilled)
#include "tst_killed.moc"
