// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Threat row 27: an answer that broke off never looks like a whole one.
#include "gateway_harness.h"

#include <QTest>

using namespace clawloops;
using namespace clawloops::test;

class TestTruncatedUpstream : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { m_gateway.start(); }
    void aStreamThatBreaksOffBecomesAnErrorEvent_data() {
        QTest::addColumn<QByteArray>("path");
        QTest::addColumn<QByteArray>("name");
        QTest::addColumn<QByteArray>("script");
        QTest::addColumn<QByteArray>("sign");
        for (const char* how : {"", ",\"clean_cut\":true"}) {
            const char* kind = *how ? "cleanly" : "hard";
            const QByteArray script = "[{\"text\":\"one two three four\",\"cut\":3" + QByteArray(how) + "}]";
            QTest::addRow("chat %s", kind) << QByteArray("/v1/chat/completions") << QByteArray(kind) << script << QByteArray("\"upstream_failed\"");
            QTest::addRow("completions %s", kind) << QByteArray("/v1/completions") << QByteArray(kind) << script << QByteArray("\"upstream_failed\"");
            QTest::addRow("messages %s", kind) << QByteArray("/v1/messages") << QByteArray(kind) << script << QByteArray("event: error");
            QTest::addRow("responses %s", kind) << QByteArray("/v1/responses") << QByteArray(kind) << script << QByteArray("event: error");
        }
    }
    void aStreamThatBreaksOffBecomesAnErrorEvent() {
        QFETCH(QByteArray, path);
        QFETCH(QByteArray, name);
        QFETCH(QByteArray, script);
        QFETCH(QByteArray, sign);
        Upstream& up = m_gateway.upstream(QString::fromUtf8(name), script.toStdString());
        m_gateway.configure({up.url()});
        const std::size_t before = m_gateway.usage().size();
        const Answer answer = m_gateway.ask(path.toStdString(), chatBody(true));
        QCOMPARE(answer.status, 200);
        QVERIFY(!answer.whole); // no client can take it for a clean end
        QVERIFY2(answer.body.find(sign.toStdString()) != std::string::npos, answer.body.c_str());
        QVERIFY(answer.body.find("[DONE]") == std::string::npos);
        const auto events = m_gateway.waitForUsage(before + 1);
        QVERIFY(events.back().at("outcome").as_string() == "upstream_truncated");
        QVERIFY(events.back().at("estimated").as_bool());
        QVERIFY(events.back().at("completionTokens").as_int64() >= 1);
    }
    void aWholeAnswerThatBreaksOffIsBrokenForTheClientToo() {
        Upstream& up = m_gateway.upstream(QStringLiteral("json"), R"([{"text":"one two three","cut":40}])");
        m_gateway.configure({up.url()});
        const std::size_t before = m_gateway.usage().size();
        const Answer answer = m_gateway.ask("/v1/chat/completions", chatBody(false));
        QVERIFY(!answer.whole);
        QVERIFY(m_gateway.waitForUsage(before + 1).back().at("outcome").as_string() == "upstream_truncated");
    }
    void theServersOwnErrorEventIsPassedOnAndBooked() {
        Upstream& up = m_gateway.upstream(QStringLiteral("event"), R"([{"text":"one two three","error_event":2}])");
        m_gateway.configure({up.url()});
        const std::size_t before = m_gateway.usage().size();
        const Answer answer = m_gateway.ask("/v1/chat/completions", chatBody(true));
        QVERIFY(answer.body.find("scripted failure") != std::string::npos);
        QVERIFY(m_gateway.waitForUsage(before + 1).back().at("outcome").as_string() == "upstream_error");
    }
    void anAnswerWithoutUsageIsAGuessAndFlagged() {
        Upstream& up = m_gateway.upstream(QStringLiteral("nousage"), R"([{"text":"one two three","usage":false}])");
        m_gateway.configure({up.url()});
        const std::size_t before = m_gateway.usage().size();
        QVERIFY(m_gateway.ask("/v1/chat/completions", chatBody(true)).whole);
        const auto events = m_gateway.waitForUsage(before + 1);
        QVERIFY(events.back().at("outcome").as_string() == "ok");
        QVERIFY(events.back().at("estimated").as_bool());
        QVERIFY(events.back().at("completionTokens").as_int64() >= 3);
    }

private:
    GatewayHarness m_gateway;
};

QTEST_GUILESS_MAIN(TestTruncatedUpstream)
#include "tst_truncated_upstream.moc"
