// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_harness.h"

#include <QDir>
#include <QFile>
#include <QTest>
#include <set>
#include <thread>

using namespace clawloops;
using namespace clawloops::test;

namespace {

// One answer whose id holds the byte ff; then ordinary ones.
const std::string hostileScript = "[{\"times\":1,\"raw\":\"{\\\"id\\\":\\\"a\\udcff\\\",\\\"choices\\\":[],"
                                  "\\\"usage\\\":{\\\"prompt_tokens\\\":4,\\\"completion_tokens\\\":2}}\"},{}]";

std::set<std::string> answered(const Upstream& up) { // request ids that the upstream answered, whole
    std::set<std::string> ids;
    for (const json::object& entry : up.journal("request"))
        ids.insert(std::string(entry.at("headers").at("X-Request-Id").as_string()));
    return ids;
}

std::set<std::string> booked(const std::vector<json::object>& events) {
    std::set<std::string> ids;
    for (const json::object& event : events)
        ids.insert(std::string(event.at("requestId").as_string()));
    return ids;
}

} // namespace

class TestUsageExactlyOnce : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void whatWasBookedOutlivesEveryKillOnce() {
        GatewayHarness gateway;
        Upstream& up = gateway.upstream(QStringLiteral("up"));
        std::set<std::string> whole;
        for (int round = 0; round < 3; ++round) {
            gateway.start();
            gateway.configure({up.url()});
            std::vector<std::thread> threads;
            std::vector<Answer> answers(8);
            for (int i = 0; i < 8; ++i)
                threads.emplace_back([&gateway, &answers, i] { answers[static_cast<std::size_t>(i)] = gateway.ask("/v1/chat/completions", chatBody(true)); });
            for (std::thread& thread : threads)
                thread.join();
            for (const Answer& answer : answers) {
                QVERIFY(answer.whole);
                whole.insert(answer.fields.at("x-request-id"));
            }
            QVERIFY(waitUntil([&] { return booked(gateway.usage()).size() == whole.size(); }));
            gateway.kill();
        }
        gateway.start();
        const auto events = gateway.usage();
        QCOMPARE(events.size(), std::size_t(24)); // none twice
        QVERIFY(booked(events) == whole);
        QVERIFY(answered(up) == whole);
        for (std::size_t i = 0; i < events.size(); ++i)
            QCOMPARE(events[i].at("seq").as_int64(), std::int64_t(i + 1)); // without gaps
    }
    void aLineThatTheKillBrokeOffIsRepaired() {
        GatewayHarness gateway;
        Upstream& up = gateway.upstream(QStringLiteral("up"));
        gateway.start();
        gateway.configure({up.url()});
        QVERIFY(gateway.ask("/v1/chat/completions", chatBody(true)).whole);
        gateway.waitForUsage(1);
        gateway.kill();
        const QDir spool(gateway.path("spool"));
        QFile file(spool.filePath(spool.entryList({QStringLiteral("usage-*")}).front()));
        QVERIFY(file.open(QIODevice::Append));
        file.write("{\"seq\":2,\"requestId\":\"req_half");
        file.close();
        gateway.start();
        gateway.configure({up.url()});
        QCOMPARE(gateway.usage().size(), std::size_t(1));
        QVERIFY(gateway.ask("/v1/chat/completions", chatBody(true)).whole);
        QCOMPARE(gateway.waitForUsage(2).back().at("seq").as_int64(), 2);
    }
    // A hostile upstream: the id is written down with the usage, and goes to the database as text.
    void anAnswerWhoseIdIsNoTextStopsNoUsage() {
        GatewayHarness gateway;
        Upstream& up = gateway.upstream(QStringLiteral("hostile"), hostileScript);
        gateway.start();
        gateway.configure({up.url()});
        const Answer hostile = gateway.ask("/v1/chat/completions", chatBody(false));
        QVERIFY(hostile.whole);
        QVERIFY(hostile.body.find('\xff') != std::string::npos);
        QVERIFY(gateway.ask("/v1/chat/completions", chatBody(false)).whole);
        QCOMPARE(gateway.waitForUsage(2).size(), std::size_t(2));
        QVERIFY(gateway.usage().front().at("upstreamId").as_string().empty());
        QCOMPARE(gateway.usage().front().at("promptTokens").as_int64(), 4);
        gateway.kill();
        gateway.start();
        gateway.configure({up.url()});
        QCOMPARE(gateway.usage().size(), std::size_t(2));
        QVERIFY(gateway.ask("/v1/chat/completions", chatBody(false)).whole);
        QCOMPARE(gateway.waitForUsage(3).back().at("seq").as_int64(), 3);
    }
    void whatWasAckedIsNotReadAgainFromThere() {
        GatewayHarness gateway;
        Upstream& up = gateway.upstream(QStringLiteral("up"));
        gateway.start();
        gateway.configure({up.url()});
        for (int i = 0; i < 3; ++i)
            QVERIFY(gateway.ask("/v1/chat/completions", chatBody(false)).whole);
        QCOMPARE(gateway.waitForUsage(3).size(), std::size_t(3));
        QVERIFY(gateway.control("usage.ack", {{"through", 3}}).contains("ok"));
        QVERIFY(gateway.control("usage.ack", {{"through", 4}}).contains("error"));
        QCOMPARE(gateway.usage(3).size(), std::size_t(0));
        const json::object stats = gateway.control("stats");
        QCOMPARE(stats.at("ok").at("usageLast").to_number<int>(), 3);
        QCOMPARE(stats.at("ok").at("usageAcked").to_number<int>(), 3);
    }
    void anEventSaysThatThereIsMore() {
        GatewayHarness gateway;
        Upstream& up = gateway.upstream(QStringLiteral("up"));
        gateway.start();
        gateway.configure({up.url()});
        auto watcher = RawClient::local(gateway.path("run/gateway/control.sock").toStdString());
        watcher.send("{\"id\":1,\"verb\":\"stats\",\"args\":{}}\n");
        watcher.receive("\n");
        QVERIFY(gateway.ask("/v1/chat/completions", chatBody(true)).whole);
        std::string events; // that the target is up now may be said before
        while (events.find("\"usage\"") == std::string::npos && !watcher.sawEnd())
            events += watcher.receive("\n");
        QVERIFY(events.find("{\"event\":\"usage\",\"data\":{\"last\":1}}") != std::string::npos);
    }
};

QTEST_GUILESS_MAIN(TestUsageExactlyOnce)
#include "tst_usage_exactly_once.moc"
