// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "relay_fixture.h"

#include <QElapsedTimer>
#include <QtTest>

using namespace clawloops;
using namespace clawloops::test;

// A cell whose owner replaced what runs in it (threat rows 4, 7 and 34).
class TestRelayHostileCells : public QObject {
    Q_OBJECT

    std::unique_ptr<RelayFixture> m_relay;

    // Opens something on the hostile cell, cuts it, and wants Traefik's connection closed within 2 s.
    void cutsWithinTwoSeconds(CellDouble::Serve serve, const std::string& raw, const std::string& verbArguments, const char* until) {
        const auto cell = m_relay->cell(std::move(serve));
        const auto client = m_relay->traefik();
        client->send(raw);
        if (*until)
            QVERIFY(client->receive(until).find(until) != std::string::npos);
        else
            QTRY_COMPARE_WITH_TIMEOUT(cell->connections.load(), 1, 10'000);
        QVERIFY(m_relay->control("connections").find("\"user\":\"anna\"") != std::string::npos);
        QElapsedTimer timer;
        timer.start();
        QCOMPARE(m_relay->control("cut", verbArguments), std::string("{\"id\":1,\"ok\":{\"closed\":1}}\n"));
        while (!client->sawEnd() && timer.elapsed() < 10'000)
            static_cast<void>(client->receive({}, std::chrono::milliseconds(100)));
        QVERIFY(client->sawEnd());
        QVERIFY2(timer.elapsed() < 2'000, qPrintable(QString::number(timer.elapsed())));
        QTRY_COMPARE(m_relay->control("connections"), std::string("{\"id\":1,\"ok\":{\"connections\":[]}}\n"));
    }

private Q_SLOTS:
    void init() { m_relay = std::make_unique<RelayFixture>(); }
    void cleanup() { m_relay.reset(); }

    void aWebSocketIsTunnelledBothWays() {
        const auto cell = m_relay->cell(cells::webSocketEcho);
        const auto client = m_relay->traefik();
        client->send(m_relay->webSocket("/w/anna/ws") + "at once\n");
        std::string got = client->receive("at once\n");
        QVERIFY2(got.starts_with("HTTP/1.1 101") && got.find("early") != std::string::npos && got.ends_with("at once\n"), got.c_str());
        QVERIFY(got.find("Connection: Upgrade") != std::string::npos && got.find("__Host") == std::string::npos);
        QVERIFY(cell->lastRequest().find("Upgrade: websocket\r\n") != std::string::npos);
        client->send("ping\n");
        QCOMPARE(client->receive("\n"), std::string("ping\n"));
        QVERIFY(m_relay->control("connections").find("\"kind\":\"websocket\"") != std::string::npos);
        client->send("bye\n");
        QVERIFY(client->receive().ends_with("farewell\n"));
        QVERIFY(client->sawEnd());
        client->close();
        QTRY_VERIFY(m_relay->log().find("\"kind\":\"websocket\"") != std::string::npos);
    }

    void aClientThatLeavesEndsTheTunnelAndTheRequest() {
        {
            const auto cell = m_relay->cell(cells::webSocketEcho);
            const auto client = m_relay->traefik();
            client->send(m_relay->webSocket("/w/anna/ws"));
            QVERIFY(!client->receive("early").empty());
            client->close();
            QTRY_COMPARE_WITH_TIMEOUT(cell->ended.load(), 1, 10'000);
        }
        const auto cell = m_relay->cell(cells::silent);
        const auto client = m_relay->traefik();
        client->send(m_relay->request("/w/anna/"));
        QTRY_COMPARE_WITH_TIMEOUT(cell->connections.load(), 1, 10'000);
        QTRY_VERIFY(!cell->lastRequest().empty());
        client->close();
        QTRY_COMPARE_WITH_TIMEOUT(cell->ended.load(), 1, 10'000);
    }

    void aCellCannotSetOurCookiesOrClaimTheOrigin() {
        const auto cell = m_relay->cell(cells::cookieSetting);
        const std::string answer = m_relay->ask(m_relay->request("/w/anna/"));
        QVERIFY2(answer.starts_with("HTTP/1.1 200"), answer.c_str());
        for (const char* bad : {"__Host", "evil", "Service-Worker", "Clear-Site", "Alt-Svc", "forged", "Path=/\r\n", "Path=/;"})
            QVERIFY2(answer.find(bad) == std::string::npos, answer.c_str());
        QVERIFY(answer.find("Set-Cookie: plugin=1; Path=/w/anna/\r\n") != std::string::npos);
    }

    void endlessHeadersEndInABadGateway() {
        const auto cell = m_relay->cell(cells::endlessHeaders);
        const std::string answer = m_relay->ask(m_relay->request("/w/anna/"));
        QVERIFY2(answer.starts_with("HTTP/1.1 502"), answer.c_str());
        QTRY_COMPARE_WITH_TIMEOUT(cell->ended.load(), 1, 10'000);
    }

    void anAnswerThatBreaksOffNeverLooksWhole() {
        const auto cell = m_relay->cell(cells::breakingOff);
        const auto client = m_relay->traefik();
        client->send(m_relay->request("/w/anna/"));
        const std::string answer = client->receive();
        QVERIFY(client->sawEnd());
        QVERIFY2(answer.find("Content-Length: 1000") != std::string::npos && answer.ends_with("only this"), answer.c_str());
    }

    void anAnswerWithTwoLengthsIsNotPassedOn() {
        const auto cell = m_relay->cell(cells::smuggling);
        const std::string answer = m_relay->ask(m_relay->request("/w/anna/"));
        QVERIFY2(answer.starts_with("HTTP/1.1 502") && answer.find("evil") == std::string::npos, answer.c_str());
    }

    void cutEndsADeafWebSocket() {
        cutsWithinTwoSeconds(cells::deafWebSocket, m_relay->webSocket("/w/anna/"), "{\"session\":\"" + std::string(64, 'a') + "\"}", "\r\n\r\n");
    }
    void cutEndsANeverEndingBody() {
        cutsWithinTwoSeconds(cells::neverEndingBody, m_relay->request("/w/anna/"), "{\"user\":\"anna\"}", "yyyy");
    }
    void cutEndsASilentRequest() {
        cutsWithinTwoSeconds(cells::silent, m_relay->request("/w/anna/"), "{\"cell\":\"" + std::string(RelayFixture::cellId) + "\"}", "");
    }

    void cutOfAnotherSessionLeavesThisOneAlone() {
        const auto cell = m_relay->cell(cells::webSocketEcho);
        const auto client = m_relay->traefik();
        client->send(m_relay->webSocket("/w/anna/ws"));
        QVERIFY(!client->receive("early").empty());
        QCOMPARE(m_relay->control("cut", "{\"session\":\"" + std::string(64, 'b') + "\"}"), std::string("{\"id\":1,\"ok\":{\"closed\":0}}\n"));
        QVERIFY(m_relay->control("cut").find("INVALID_REQUEST") != std::string::npos); // nothing named is nothing asked for
        client->send("still\n");
        QCOMPARE(client->receive("\n"), std::string("still\n"));
    }

    void aRequestThatWasCheckedBeforeTheCutDoesNotSlipInAfterIt_data() {
        QTest::addColumn<QByteArray>("cut");
        QTest::newRow("session") << "{\"session\":\"" + QByteArray(64, 'a') + "\"}";
        QTest::newRow("person") << QByteArray("{\"user\":\"anna\"}");
        QTest::newRow("cell") << "{\"cell\":\"" + QByteArray(RelayFixture::cellId) + "\"}";
    }
    void aRequestThatWasCheckedBeforeTheCutDoesNotSlipInAfterIt() {
        QFETCH(QByteArray, cut);
        const auto cell = m_relay->cell(cells::honest);
        const Grant before = m_relay->grant();
        QVERIFY(m_relay->ask(m_relay->requestWith(before, "/w/anna/")).starts_with("HTTP/1.1 200"));
        QCOMPARE(m_relay->control("cut", cut.toStdString()), std::string("{\"id\":1,\"ok\":{\"closed\":0}}\n"));
        const std::string late = m_relay->ask(m_relay->requestWith(before, "/w/anna/ws", "Connection: Upgrade\r\nUpgrade: websocket\r\n"));
        QVERIFY2(late.starts_with("HTTP/1.1 403"), late.c_str());
        // Who was let in again since, and who was never meant, comes through.
        Grant after = before;
        after.expires = fromUnixSeconds(toUnixSeconds(SystemClock().now()) + 31);
        QVERIFY(m_relay->ask(m_relay->requestWith(after, "/w/anna/")).starts_with("HTTP/1.1 200"));
        Grant other = before;
        other.session = std::string(64, 'b');
        const bool spared = cut.contains("session");
        QCOMPARE(m_relay->ask(m_relay->requestWith(other, "/w/anna/")).starts_with("HTTP/1.1 200"), spared);
    }

    void theEndOfTheSessionCutsTheWebSocket() {
        const auto cell = m_relay->cell(cells::deafWebSocket);
        Grant grant = m_relay->grant();
        grant.sessionExpires = fromUnixSeconds(toUnixSeconds(SystemClock().now()) + 3);
        const auto client = m_relay->traefik();
        client->send(m_relay->requestWith(grant, "/w/anna/", "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: k\r\n"));
        QVERIFY(client->receive("\r\n\r\n").starts_with("HTTP/1.1 101"));
        static_cast<void>(client->receive({}, std::chrono::seconds(15)));
        QVERIFY(client->sawEnd());
        QVERIFY(SystemClock().now() >= grant.sessionExpires);
    }

    void aStalledReaderHoldsTheCellBackAndNotTheMemory() {
        const auto cell = m_relay->cell(cells::neverEndingBody);
        QVERIFY(m_relay->ask(m_relay->request("/w/anna/", {}, "HEAD")).starts_with("HTTP/1.1 200")); // everything is warm
        const qint64 before = m_relay->residentKiB();
        const auto client = m_relay->traefik();
        client->send(m_relay->request("/w/anna/"));
        QVERIFY(!client->receive("yyyy").empty());
        std::uint64_t offered = 0; // until the cell cannot write any more
        for (int still = 0; still < 8; still = cell->bytesOffered == offered ? still + 1 : 0) {
            offered = cell->bytesOffered;
            QTest::qWait(150);
        }
        QVERIFY2(offered < 50'000'000, qPrintable(QString::number(offered)));
        const qint64 grown = m_relay->residentKiB() - before;
        QVERIFY2(grown <= 2048, qPrintable(QString::number(grown)));
        // and it flows again: 100 MB pass, and still nothing piles up
        std::uint64_t passed = 0;
        while (passed < 100'000'000 && !client->sawEnd())
            passed += client->receive("\r\n", std::chrono::seconds(20)).size();
        QVERIFY(passed >= 100'000'000);
        QVERIFY2(m_relay->residentKiB() - before <= 2048, qPrintable(QString::number(m_relay->residentKiB() - before)));
    }

    void anUploadThatTheCellDoesNotReadIsHeldBack() {
        auto cell = m_relay->cell([](CellDouble& self, RawClient& relay) {
            static_cast<void>(relay.receive("\r\n\r\n"));
            while (!self.stopping())
                QThread::msleep(50);
        });
        const qint64 before = m_relay->residentKiB();
        std::atomic<std::uint64_t> sent = 0;
        const auto client = m_relay->traefik();
        client->send(m_relay->request("/w/anna/", "Content-Length: 100000000\r\n", "POST"));
        std::thread uploading([&] {
            const std::string piece(65536, 'z');
            while (client->send(piece))
                sent += piece.size();
        });
        std::uint64_t last = 1;
        for (int still = 0; still < 8; still = sent == last ? still + 1 : 0) {
            last = sent;
            QTest::qWait(150);
        }
        const std::uint64_t taken = sent;
        const qint64 grown = m_relay->residentKiB() - before;
        const std::string cut = m_relay->control("cut", "{\"user\":\"anna\"}");
        cell.reset(); // ends the upload also where the cut did not
        uploading.join();
        QVERIFY2(cut.find("\"closed\":1") != std::string::npos, cut.c_str());
        QVERIFY2(taken < 50'000'000, qPrintable(QString::number(taken)));
        QVERIFY2(grown <= 2048, qPrintable(QString::number(grown)));
    }

    void connectionsOverTheCellsLimitAreRefusedAndOthersStayServed() {
        const auto cell = m_relay->cell(cells::deafWebSocket);
        std::vector<std::unique_ptr<TlsClient>> open;
        for (int i = 0; i < 256; ++i) {
            open.push_back(m_relay->traefik());
            open.back()->send(m_relay->webSocket("/w/anna/"));
        }
        for (const auto& client : open)
            QVERIFY(client->receive("\r\n\r\n").starts_with("HTTP/1.1 101"));
        const std::string answer = m_relay->ask(m_relay->request("/w/anna/"));
        QVERIFY2(answer.starts_with("HTTP/1.1 503") && answer.find("RATE_LIMITED") != std::string::npos, answer.c_str());
        QVERIFY(m_relay->control("cut", "{\"user\":\"anna\"}").find("\"closed\":256") != std::string::npos);
    }

    void theControlSocketTellsWhenACellsConnectionsChange() {
        const auto cell = m_relay->cell(cells::honest);
        auto control = RawClient::local(m_relay->path("run/relay/control.sock"));
        control.send("{\"id\":5,\"verb\":\"stats\",\"args\":{}}\n");
        QVERIFY(control.receive("\n").find("\"open\":0") != std::string::npos);
        QVERIFY(m_relay->ask(m_relay->request("/w/anna/")).ends_with("hello"));
        const std::string events = control.receive("\"open\":0}}\n");
        QVERIFY2(events.starts_with("{\"event\":\"closed\",\"data\":{\"cell\":\"c0123456789ab\",\"user\":\"anna\",\"open\":1}}\n"), events.c_str());
        control.send("{\"id\":6,\"verb\":\"stop\",\"args\":{}}\n");
        QVERIFY(control.receive("\n").find("INVALID_REQUEST") != std::string::npos);
    }
};

QTEST_GUILESS_MAIN(TestRelayHostileCells)
#include "tst_hostile_cells.moc"
