// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/api_client.h"
#include "client/event_stream.h"
#include "tls_test_server.h"

#include <QtTest>

using namespace clawloops;
using namespace clawloops::gui;
using State = EventStream::State;

class EventStreamTest : public QObject {
    Q_OBJECT

    ScriptedTlsServer::Identity m_identity;

    void point(ApiClient& client, const ScriptedTlsServer& server) {
        client.setConnection({*ServerAddress::parse(QStringLiteral("https://127.0.0.1:%1").arg(server.serverPort())),
                              {fingerprint(m_identity.certificate), {}},
                              Secret("t")});
    }

private Q_SLOTS:
    void initTestCase() { m_identity = ScriptedTlsServer::makeIdentity(QStringLiteral("events")); }

    void aCutConnectionIsStaleAndThenLiveWithANewSnapshot() {
        ScriptedTlsServer server;
        server.show(m_identity);
        QVERIFY(server.start());
        server.answer("/api/v1/events", "200 OK", "event: snapshot\nid: 1\ndata: {\"n\":1}\n\n", "text/event-stream");
        ApiClient client;
        point(client, server);
        EventStream stream(client);
        stream.setFirstRetry(20);
        QStringList seen;
        QList<State> states;
        connect(&stream, &EventStream::event, this, [&](const QByteArray& type, const json::object&) { seen += QString::fromLatin1(type); });
        connect(&stream, &EventStream::stateChanged, this, [&] { states += stream.state(); });
        stream.open();
        QTRY_COMPARE_WITH_TIMEOUT(stream.state(), State::Live, 20'000);
        QVERIFY(stream.lastContact().isValid());
        server.sendToAll("event: user\nid: 2\ndata: {}\n\n");
        QTRY_COMPARE_WITH_TIMEOUT(seen, (QStringList{QStringLiteral("snapshot"), QStringLiteral("user")}), 20'000);
        server.cutAll();
        QTRY_COMPARE_WITH_TIMEOUT(seen.count(QStringLiteral("snapshot")), 2, 20'000);
        QTRY_COMPARE_WITH_TIMEOUT(stream.state(), State::Live, 20'000);
        QVERIFY(states.contains(State::Stale));
    }

    void silenceIsNotTakenForHealth() {
        ScriptedTlsServer server;
        server.show(m_identity);
        QVERIFY(server.start());
        server.answer("/api/v1/events", "200 OK", "event: ping\ndata: {}\n\n", "text/event-stream");
        ApiClient client;
        point(client, server);
        EventStream stream(client);
        stream.setFirstRetry(60'000);
        stream.setSilenceLimit(300);
        stream.open();
        QTRY_COMPARE_WITH_TIMEOUT(stream.state(), State::Live, 20'000);
        QTRY_COMPARE_WITH_TIMEOUT(stream.state(), State::Stale, 20'000);
    }

    void anEndedSessionIsNotTriedAgain() {
        ScriptedTlsServer server;
        server.show(m_identity);
        QVERIFY(server.start());
        server.answer("/api/v1/events", "401 Unauthorized", R"({"code":"UNAUTHENTICATED","message":"Sign in.","requestId":""})");
        ApiClient client;
        point(client, server);
        EventStream stream(client);
        stream.setFirstRetry(10);
        stream.open();
        QTRY_COMPARE_WITH_TIMEOUT(stream.state(), State::Refused, 20'000);
        const int asked = server.requests;
        QTest::qWait(200);
        QCOMPARE(server.requests, asked);
        QCOMPARE(stream.failure().sentence, QStringLiteral("Sign in."));
    }

    void aSilentControlPlaneIsNamed() {
        ScriptedTlsServer server;
        server.show(m_identity);
        QVERIFY(server.start());
        server.answer("/api/v1/events", "502 Bad Gateway", "Bad Gateway", "text/plain");
        ApiClient client;
        point(client, server);
        EventStream stream(client);
        stream.setFirstRetry(50);
        stream.open();
        QTRY_COMPARE_WITH_TIMEOUT(stream.state(), State::Stale, 20'000);
        QCOMPARE(stream.failure().kind, ApiFailure::Kind::ControlPlaneSilent);
        QTRY_VERIFY_WITH_TIMEOUT(server.requests > 2, 20'000);
    }

    void anEventThatCannotBeReadChangesNothing() {
        ScriptedTlsServer server;
        server.show(m_identity);
        QVERIFY(server.start());
        server.answer("/api/v1/events", "200 OK", "event: user\ndata: {\"a\"\n\nevent: ping\ndata: {}\n\n", "text/event-stream");
        ApiClient client;
        point(client, server);
        EventStream stream(client);
        QStringList seen;
        connect(&stream, &EventStream::event, this, [&](const QByteArray& type, const json::object&) { seen += QString::fromLatin1(type); });
        stream.open();
        QTRY_COMPARE_WITH_TIMEOUT(seen, QStringList{QStringLiteral("ping")}, 20'000);
    }
};

QTEST_GUILESS_MAIN(EventStreamTest)
#include "tst_event_stream.moc"
