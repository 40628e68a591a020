// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_harness.h"

#include <QTest>

using namespace clawloops;
using namespace clawloops::test;

class TestWrongToken : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() {
        m_gateway.start();
        m_gateway.configure({m_gateway.upstream(QStringLiteral("up")).url()});
    }
    void aSocketTakesItsOwnCellsTokenOnly() {
        const auto status = [&](const char* cell, const char* token) {
            return m_gateway.ask("/v1/chat/completions", chatBody(false), cell, token).status;
        };
        QCOMPARE(status(GatewayHarness::cellA, GatewayHarness::tokenA), 200);
        QCOMPARE(status(GatewayHarness::cellB, GatewayHarness::tokenB), 200);
        QCOMPARE(status(GatewayHarness::cellB, GatewayHarness::tokenA), 401); // stolen, and useless elsewhere
        QCOMPARE(status(GatewayHarness::cellA, GatewayHarness::tokenB), 401);
        QCOMPARE(status(GatewayHarness::cellA, "token-of-cell-a-012345678"), 401);
        QCOMPARE(status(GatewayHarness::cellA, ""), 401);
        QCOMPARE(m_gateway.upstream(QStringLiteral("up")).journal("request").size(), std::size_t(2));
        QCOMPARE(m_gateway.waitForUsage(2).size(), std::size_t(2));
    }
    void aReplacedTokenIsWrongAtOnce() {
        auto configuration = m_gateway.configurationFor({m_gateway.upstream(QStringLiteral("up")).url()}, "m");
        auto kept = RawClient::local(m_gateway.socketOf(GatewayHarness::cellA));
        const std::string ask = "GET /v1/models HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + std::string(GatewayHarness::tokenA) + "\r\n\r\n";
        kept.send(ask);
        QVERIFY(kept.receive("}]}").starts_with("HTTP/1.1 200"));
        auto changed = configuration;
        changed["cells"].as_array()[0].as_object()["tokenHash"] = std::string(64, '0');
        m_gateway.configure(changed);
        kept.send(ask); // the same connection
        QVERIFY(kept.receive("}}").starts_with("HTTP/1.1 401"));
        m_gateway.configure(configuration);
    }
    void theErrorSpeaksTheEndpointsDialect() {
        const Answer openAi = m_gateway.ask("/v1/chat/completions", "{}", GatewayHarness::cellA, "wrong");
        QVERIFY(openAi.json().at("error").at("code").as_string() == "invalid_api_key");
        const Answer anthropic = m_gateway.ask("/v1/messages", "{}", GatewayHarness::cellA, "wrong");
        QCOMPARE(anthropic.status, 401);
        QVERIFY(anthropic.json().at("type").as_string() == "error");
        QVERIFY(anthropic.json().at("error").at("type").as_string() == "authentication_error");
    }
    void nothingIsSaidAboutPathsWithoutTheToken() {
        QCOMPARE(m_gateway.ask("/nothing/here", "{}", GatewayHarness::cellA, "wrong").status, 401);
    }
    void thePersonalKeysListenerWantsAClientCertificateAndKnowsNoKey() {
        const QStringList common{QStringLiteral("-sS"), QStringLiteral("--cacert"), m_gateway.path("server-ca.crt"), QStringLiteral("--connect-to"),
                                 QStringLiteral("clawloops.internal:443:127.0.0.1:%1").arg(m_gateway.port()), QStringLiteral("-H"),
                                 QStringLiteral("Authorization: Bearer sk-anything"), QStringLiteral("-w"), QStringLiteral("\n%{http_code}")};
        const QStringList certificate{QStringLiteral("--cert"), m_gateway.path("client.crt"), QStringLiteral("--key"), m_gateway.path("client.key")};
        const auto curl = [&](const QStringList& more) {
            QProcess process;
            process.start(QStringLiteral("curl"), common + more);
            process.waitForFinished();
            return process.readAllStandardOutput();
        };
        for (const char* path : {"/v1/models", "/v1/chat/completions", "/", "/ui/"}) {
            const QByteArray answer = curl(certificate + QStringList{QStringLiteral("https://clawloops.internal") + QString::fromUtf8(path)});
            QVERIFY2(answer.endsWith("401") && answer.contains("invalid_api_key"), answer.constData());
        }
        QVERIFY(curl(certificate + QStringList{QStringLiteral("https://clawloops.internal/v1/messages")}).contains("authentication_error"));
        QVERIFY(curl({QStringLiteral("https://clawloops.internal/v1/models")}).endsWith("000"));
    }

private:
    GatewayHarness m_gateway;
};

QTEST_GUILESS_MAIN(TestWrongToken)
#include "tst_wrong_token.moc"
