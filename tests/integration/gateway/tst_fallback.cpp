// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_harness.h"

#include <QTest>

using namespace clawloops;
using namespace clawloops::test;

class TestFallback : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { m_gateway.start(); }
    void beforeTheFirstByteTheNextTargetAnswers_data() {
        QTest::addColumn<QByteArray>("script");
        QTest::newRow("nobodyThere") << QByteArray();
        for (const char* status : {"401", "404", "429", "500", "503"})
            QTest::newRow(status) << "[{\"status\":" + QByteArray(status) + "}]";
    }
    void beforeTheFirstByteTheNextTargetAnswers() {
        QFETCH(QByteArray, script);
        GatewayHarness gateway; // one of its own: few requests may be sent on in ten seconds
        gateway.start();
        Upstream& good = gateway.upstream(QStringLiteral("good"));
        const std::string first = script.isEmpty() ? "unix:" + gateway.path("up/nobody.sock").toStdString()
                                                   : gateway.upstream(QString::fromUtf8(QTest::currentDataTag()), script.toStdString()).url();
        gateway.configure({first, good.url()});
        const std::size_t before = gateway.usage().size();
        const Answer answer = gateway.ask("/v1/chat/completions", chatBody(true));
        QCOMPARE(answer.status, 200);
        QVERIFY(answer.whole);
        const auto events = gateway.waitForUsage(before + 1);
        QCOMPARE(events.size(), before + 1); // one request, one row
        QVERIFY(events.back().at("target").as_string() == "t2");
        QVERIFY(events.back().at("outcome").as_string() == "ok");
    }
    void afterTheFirstByteThereIsNoOtherTarget() {
        Upstream& good = m_gateway.upstream(QStringLiteral("good"));
        Upstream& cut = m_gateway.upstream(QStringLiteral("cut"), R"([{"text":"one two three","cut":2}])");
        m_gateway.configure({cut.url(), good.url()});
        const std::size_t before = good.journal("request").size();
        QVERIFY(!m_gateway.ask("/v1/chat/completions", chatBody(true)).whole);
        QCOMPARE(good.journal("request").size(), before);
    }
    void aWrongRequestIsWrongEverywhere() {
        Upstream& good = m_gateway.upstream(QStringLiteral("good"));
        Upstream& strict = m_gateway.upstream(QStringLiteral("strict"), R"([{"status":400,"body":{"error":{"message":"too long","type":"exceed_context_size_error"}}}])");
        m_gateway.configure({strict.url(), good.url()});
        const std::size_t before = good.journal("request").size();
        const Answer answer = m_gateway.ask("/v1/chat/completions", chatBody(true));
        QCOMPARE(answer.status, 400);
        QVERIFY(answer.body.find("exceed_context_size_error") != std::string::npos);
        QCOMPARE(good.journal("request").size(), before);
    }
    void withoutAnyTargetTheClientGetsA502InItsDialect() {
        m_gateway.configure({"unix:" + m_gateway.path("up/nobody.sock").toStdString()});
        const std::size_t before = m_gateway.usage().size();
        const Answer answer = m_gateway.ask("/v1/messages", chatBody(true));
        QCOMPARE(answer.status, 502);
        QVERIFY(answer.json().at("error").at("type").as_string() == "api_error");
        QVERIFY(m_gateway.waitForUsage(before + 1).back().at("outcome").as_string() == "upstream_unreachable");
    }
    void aRefusalOfOurCredentialIsNotTheClients() {
        Upstream& locked = m_gateway.upstream(QStringLiteral("locked"), R"([{"status":401,"body":{"error":{"message":"key sk-123 is wrong"}}}])");
        m_gateway.configure({locked.url()});
        const Answer answer = m_gateway.ask("/v1/chat/completions", chatBody(true));
        QCOMPARE(answer.status, 502);
        QVERIFY(answer.body.find("sk-123") == std::string::npos);
    }

private:
    GatewayHarness m_gateway;
};

QTEST_GUILESS_MAIN(TestFallback)
#include "tst_fallback.moc"
