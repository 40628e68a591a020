// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_harness.h"

#include <QTest>
#include <algorithm>

using namespace clawloops;
using namespace clawloops::test;

namespace {

std::string field(const json::object& entry, std::string_view wanted) {
    for (const auto& [name, value] : entry.at("headers").as_object()) {
        if (std::equal(name.begin(), name.end(), wanted.begin(), wanted.end(), [](char a, char b) { return std::tolower(a) == std::tolower(b); }))
            return std::string(value.as_string());
    }
    return {};
}

} // namespace

class TestRewriting : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() {
        m_gateway.start();
        Upstream& up = m_gateway.upstream(QStringLiteral("up"));
        const json::object reply = m_gateway.configure({up.url()}, "theirs");
        QCOMPARE(json::serialize(reply.at("ok")), std::string(R"({"opened":["caaaaaaaaaaaa","cbbbbbbbbbbbb"],"missing":[],"refused":[]})"));
    }
    void theUpstreamSeesItsOwnModelAndNothingOfTheCells() {
        const char* trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        const Answer answer = m_gateway.ask("/v1/chat/completions?x=1", chatBody(true), GatewayHarness::cellA, GatewayHarness::tokenA,
                                            "traceparent: " + std::string(trace) + "\r\nX-Request-Id: req_forged\r\nCookie: a=b\r\n"
                                            "X-Forwarded-For: 1.2.3.4\r\nAccept-Encoding: gzip, deflate\r\n");
        QCOMPARE(answer.status, 200);
        QVERIFY(answer.whole);
        const json::object seen = m_gateway.upstream(QStringLiteral("up")).journal("request").back();
        QVERIFY(seen.at("path").as_string() == "/v1/chat/completions");
        const auto body = parseObject(std::string(seen.at("body").as_string())).value();
        QVERIFY(body.at("model").as_string() == "theirs");
        QVERIFY(body.at("stream_options").at("include_usage").as_bool());
        QVERIFY(field(seen, "authorization").empty());
        QVERIFY(field(seen, "cookie").empty());
        QVERIFY(field(seen, "x-forwarded-for").empty());
        QCOMPARE(field(seen, "accept-encoding"), std::string("identity"));
        QCOMPARE(field(seen, "traceparent"), std::string(trace));
        const std::string rid = field(seen, "x-request-id");
        QVERIFY(rid.starts_with("req_") && rid.size() == 24);
        QCOMPARE(answer.fields.at("x-request-id"), rid);
        QVERIFY(m_gateway.log().contains(QByteArray::fromStdString(rid)));
    }
    void theAnswersTextAndUsageAreTheServers_data() {
        QTest::addColumn<QByteArray>("path");
        QTest::addColumn<bool>("stream");
        QTest::addColumn<QByteArray>("upstreamId");
        for (const bool stream : {true, false}) {
            const char* kind = stream ? "streamed" : "whole";
            QTest::addRow("chat %s", kind) << QByteArray("/v1/chat/completions") << stream << QByteArray(stream ? "chatcmpl-scripted" : "scripted-whole");
            QTest::addRow("completions %s", kind) << QByteArray("/v1/completions") << stream << QByteArray(stream ? "chatcmpl-scripted" : "scripted-whole");
            QTest::addRow("responses %s", kind) << QByteArray("/v1/responses") << stream << QByteArray(stream ? "resp_scripted" : "scripted-whole");
            QTest::addRow("messages %s", kind) << QByteArray("/v1/messages") << stream << QByteArray(stream ? "msg_scripted" : "scripted-whole");
        }
    }
    void theAnswersTextAndUsageAreTheServers() {
        QFETCH(QByteArray, path);
        QFETCH(bool, stream);
        QFETCH(QByteArray, upstreamId);
        const Answer answer = m_gateway.ask(path.toStdString(), chatBody(stream));
        QCOMPARE(answer.status, 200);
        QVERIFY(answer.whole);
        QVERIFY(answer.body.find("scripted") != std::string::npos);
        const auto find = [&] {
            for (const json::object& event : m_gateway.usage()) {
                if (event.at("requestId").as_string() == answer.fields.at("x-request-id"))
                    return event;
            }
            return json::object();
        };
        json::object event;
        QVERIFY(waitUntil([&] { return !(event = find()).empty(); }));
        QCOMPARE(event.at("promptTokens").as_int64(), 11);
        QCOMPARE(event.at("completionTokens").as_int64(), 5);
        QVERIFY(!event.at("estimated").as_bool());
        QVERIFY(event.at("outcome").as_string() == "ok");
        QVERIFY(event.at("cellId").as_string() == GatewayHarness::cellA && event.at("userId").as_string() == "usr_a");
        QVERIFY(event.at("route").as_string() == "m" && event.at("model").as_string() == "theirs");
        QCOMPARE(std::string(event.at("upstreamId").as_string()), upstreamId.toStdString());
        QCOMPARE(event.at("bytesOut").as_int64(), std::int64_t(answer.body.size()));
    }
    void embeddingsAreMetered() {
        const Answer answer = m_gateway.ask("/v1/embeddings", R"({"model":"m","input":"x"})");
        QCOMPARE(answer.status, 200);
        QVERIFY(waitUntil([&] { return m_gateway.usage().back().at("requestId").as_string() == answer.fields.at("x-request-id"); }));
        QCOMPARE(m_gateway.usage().back().at("promptTokens").as_int64(), 11);
    }
    void liteLlmGetsItsKeyAndNothingThatSteersIt() {
        Upstream& up = m_gateway.upstream(QStringLiteral("litellm"));
        m_gateway.configure({"litellm:" + up.url()}, "starter");
        QCOMPARE(m_gateway.ask("/v1/chat/completions", R"({"model":"m","messages":[],"api_base":"x","mock_response":"y","fallbacks":["z"]})").status, 200);
        const json::object seen = up.journal("request").back();
        QCOMPARE(field(seen, "authorization"), "Bearer " + std::string(GatewayHarness::liteLlmKey));
        QCOMPARE(std::string(seen.at("body").as_string()), std::string(R"({"model":"starter","messages":[]})"));
        QVERIFY(!m_gateway.log().contains(GatewayHarness::liteLlmKey));
    }
    // One server for all people: what picks a slot or a cached prompt would ask it about other people's.
    void theStarterModelIsNoOracleForOtherPeoplesPrompts() {
        const Upstream starter(m_gateway.path("run/model"), QStringLiteral("starter"), "[]");
        m_gateway.configure({starter.url()}, "starter");
        const Answer answer = m_gateway.ask("/v1/chat/completions", R"({"model":"m","messages":[],"id_slot":1,"cache_prompt":true,"n_predict":-1,"temperature":0})");
        QCOMPARE(answer.status, 200);
        QCOMPARE(std::string(starter.journal("request").back().at("body").as_string()), std::string(R"({"model":"starter","messages":[],"temperature":0})"));
        // Another server of the admin's knows its own members.
        Upstream& up = m_gateway.upstream(QStringLiteral("up"));
        m_gateway.configure({up.url()}, "theirs");
        QCOMPARE(m_gateway.ask("/v1/chat/completions", R"({"model":"m","messages":[],"id_slot":1})").status, 200);
        QCOMPARE(std::string(up.journal("request").back().at("body").as_string()), std::string(R"({"model":"theirs","messages":[],"id_slot":1})"));
    }

private:
    GatewayHarness m_gateway;
};

QTEST_GUILESS_MAIN(TestRewriting)
#include "tst_rewriting.moc"
