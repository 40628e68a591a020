// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/api_client.h"
#include "client/session.h"
#include "tls_test_server.h"

#include <QTemporaryDir>
#include <QtTest>

using namespace clawloops;
using namespace clawloops::gui;

class ServerTrustTest : public QObject {
    Q_OBJECT

    ScriptedTlsServer::Identity m_first;
    ScriptedTlsServer::Identity m_second;

    static ServerAddress address(const ScriptedTlsServer& server) {
        return *ServerAddress::parse(QStringLiteral("https://127.0.0.1:%1").arg(server.serverPort()));
    }
    // One GET with a token, waited for.
    static ApiResult ask(const ScriptedTlsServer& server, ServerTrust trust) {
        ApiClient client;
        client.setConnection({address(server), std::move(trust), Secret("the-token")});
        std::optional<ApiResult> result;
        client.get(QStringLiteral("/auth/me"), &client, [&](ApiResult got) { result = std::move(got); });
        [&] { QTRY_VERIFY_WITH_TIMEOUT(result.has_value(), 20'000); }();
        return result.value_or(ApiResult(ApiFailure()));
    }
    static ApiFailure::Kind kindOf(const ApiResult& result) { return std::get<ApiFailure>(result).kind; }

private Q_SLOTS:
    void initTestCase() {
        m_first = ScriptedTlsServer::makeIdentity(QStringLiteral("first"));
        m_second = ScriptedTlsServer::makeIdentity(QStringLiteral("second"));
    }

    void theTableOfVerdicts() {
        const QByteArray first = fingerprint(m_first.certificate);
        const QList<QSslError> none;
        const QList<QSslError> some{QSslError(QSslError::SelfSignedCertificate, m_first.certificate)};
        const QList<QSslCertificate> ca{m_second.certificate};
        QCOMPARE((ServerTrust{first, {}}.judge(m_first.certificate, some)), TrustVerdict::Trusted);
        QCOMPARE((ServerTrust{first, {}}.judge(m_second.certificate, some)), TrustVerdict::Changed);
        QCOMPARE((ServerTrust{first, {}}.judge(m_second.certificate, none)), TrustVerdict::Changed);
        QCOMPARE((ServerTrust{first, {}}.judge(QSslCertificate(), none)), TrustVerdict::Changed);
        QCOMPARE((ServerTrust{{}, {}}.judge(m_first.certificate, none)), TrustVerdict::Trusted);
        QCOMPARE((ServerTrust{{}, ca}.judge(m_first.certificate, some)), TrustVerdict::Refused);
        QCOMPARE((ServerTrust{{}, {}}.judge(m_first.certificate, some)), TrustVerdict::Unknown);
    }

    void fingerprintsReadBack() {
        const QByteArray sha256 = fingerprint(m_first.certificate);
        QCOMPARE(fingerprintFromText(fingerprintText(sha256)), std::optional(sha256));
        QCOMPARE(fingerprintFromText(QString::fromLatin1(sha256.toHex())), std::optional(sha256));
        QVERIFY(!fingerprintFromText(QStringLiteral("AB:CD")).has_value());
    }

    void nothingIsSentBeforeTheCertificateIsAccepted() {
        ScriptedTlsServer server;
        server.show(m_first);
        QVERIFY(server.start());
        server.answer("/api/v1/auth/me", "200 OK", "{}");
        const ApiResult unknown = ask(server, {});
        QCOMPARE(kindOf(unknown), ApiFailure::Kind::CertificateUnknown);
        QCOMPARE(fingerprint(std::get<ApiFailure>(unknown).certificate), fingerprint(m_first.certificate));
        QCOMPARE(kindOf(ask(server, {fingerprint(m_second.certificate), {}})), ApiFailure::Kind::CertificateChanged);
        QCOMPARE(kindOf(ask(server, {{}, {m_second.certificate}})), ApiFailure::Kind::CertificateRefused);
        QVERIFY2(server.received.isEmpty(), "a request reached a server that is not trusted");
        QVERIFY(std::holds_alternative<json::object>(ask(server, {fingerprint(m_first.certificate), {}})));
        QVERIFY(server.received.contains("Bearer the-token"));
        QVERIFY(std::holds_alternative<json::object>(ask(server, {{}, {m_first.certificate}})));
    }

    void aPinCountsAlsoWhereTheAuthorityIsTrusted() {
        ScriptedTlsServer server;
        server.show(m_first);
        QVERIFY(server.start());
        QCOMPARE(kindOf(ask(server, {fingerprint(m_second.certificate), {m_first.certificate}})), ApiFailure::Kind::CertificateChanged);
        QVERIFY(!server.received.contains("the-token"));
    }

    void theFirstUseIsAskedPinnedAndAChangeIsRefused() {
        QTemporaryDir home;
        ScriptedTlsServer server;
        server.show(m_first);
        QVERIFY(server.start());
        const QByteArray user = R"({"userId":"usr_a","subjectId":"usr_a","username":"anna","tenantId":"default","role":"admin","status":"active",)"
                                R"("isAdmin":true,"isDisabled":false,"mustChangePassword":false,"passwordChangeReason":null,)"
                                R"("createdAt":"2026-11-22T10:00:00.000Z","lastSignInAt":null})";
        server.answer("/api/v1/auth/login", "200 OK", R"({"token":"tok-1234","expiresAt":"2026-12-22T10:00:00.000Z","user":)" + user + "}");
        server.answer("/api/v1/auth/me", "200 OK", user);
        const Session::Files files{home.filePath(QStringLiteral("pins.json")), home.path()};
        {
            Session session(files);
            QSignalSpy question(&session, &Session::certificateQuestion);
            QSignalSpy in(&session, &Session::signedIn);
            QVERIFY(session.choose(address(server)).ok());
            session.signIn(QStringLiteral("anna"), Secret("the-password"));
            QTRY_COMPARE_WITH_TIMEOUT(question.count(), 1, 20'000);
            QVERIFY2(!server.received.contains("the-password"), "the password went to an unknown server");
            session.acceptCertificate(fingerprint(m_first.certificate));
            QTRY_COMPARE_WITH_TIMEOUT(in.count(), 1, 20'000);
            QVERIFY(server.received.contains("the-password"));
        }
        {
            Session session(files); // the pin and the token are found again
            QSignalSpy in(&session, &Session::signedIn);
            session.begin(address(server));
            QTRY_COMPARE_WITH_TIMEOUT(in.count(), 1, 20'000);
        }
        const quint16 port = server.serverPort();
        server.cutAll();
        server.close();
        server.received.clear();
        server.show(m_second);
        QVERIFY(server.start(port));
        Session session(files);
        QSignalSpy question(&session, &Session::certificateQuestion);
        QSignalSpy in(&session, &Session::signedIn);
        session.begin(address(server));
        QTRY_COMPARE_WITH_TIMEOUT(question.count(), 1, 20'000);
        QCOMPARE(question.first().first().value<ApiFailure>().kind, ApiFailure::Kind::CertificateChanged);
        QCOMPARE(in.count(), 0);
        QVERIFY2(!server.received.contains("tok-1234"), "the token went to a server with another certificate");
    }

    void redirectsAreNotFollowed() {
        ScriptedTlsServer server;
        server.show(m_first);
        QVERIFY(server.start());
        ScriptedTlsServer elsewhere;
        elsewhere.show(m_first);
        QVERIFY(elsewhere.start());
        server.answer("/api/v1/auth/me", "303 See Other\r\nLocation: https://127.0.0.1:" + QByteArray::number(elsewhere.serverPort()) + "/", {});
        QCOMPARE(kindOf(ask(server, {fingerprint(m_first.certificate), {}})), ApiFailure::Kind::Unreadable);
        QVERIFY(elsewhere.received.isEmpty());
    }

    void errorsKeepTheServersSentenceAndId() {
        ScriptedTlsServer server;
        server.show(m_first);
        QVERIFY(server.start());
        const ServerTrust trust{fingerprint(m_first.certificate), {}};
        server.answer("/api/v1/auth/me", "409 Conflict", R"({"code":"RUNTIME_ACTION_CONFLICT","message":"It is being stopped.","requestId":"req_x"})");
        const auto refused = std::get<ApiFailure>(ask(server, trust));
        QCOMPARE(refused.kind, ApiFailure::Kind::Refused);
        QCOMPARE(refused.sentence, QStringLiteral("It is being stopped."));
        QCOMPARE(refused.requestId, QStringLiteral("req_aaaaaaaaaaaaaaaaaaaa"));
        server.answer("/api/v1/auth/me", "401 Unauthorized", R"({"code":"UNAUTHENTICATED","message":"Sign in.","requestId":""})");
        QCOMPARE(kindOf(ask(server, trust)), ApiFailure::Kind::SignedOut);
        server.answer("/api/v1/auth/me", "502 Bad Gateway", "Bad Gateway", "text/plain");
        QCOMPARE(kindOf(ask(server, trust)), ApiFailure::Kind::ControlPlaneSilent);
        server.answer("/api/v1/auth/me", "200 OK", "<html>", "text/html");
        QCOMPARE(kindOf(ask(server, trust)), ApiFailure::Kind::Unreadable);
        const ServerAddress gone = address(server);
        server.close();
        ApiClient client;
        client.setConnection({gone, trust, {}});
        std::optional<ApiResult> result;
        client.get(QStringLiteral("/auth/me"), &client, [&](ApiResult got) { result = std::move(got); });
        QTRY_VERIFY_WITH_TIMEOUT(result.has_value(), 20'000);
        QCOMPARE(kindOf(*result), ApiFailure::Kind::Unreachable);
    }
};

QTEST_GUILESS_MAIN(ServerTrustTest)
#include "tst_server_trust.moc"
