// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "edge/http_server.h"
#include "edge/incoming_limit.h"

#include <QTcpServer>
#include <QTcpSocket>
#include <QTest>

#include <algorithm>
#include <unistd.h>

using namespace clawloops;

class TestHttpServer : public QObject {
    Q_OBJECT
    std::vector<HttpReply> m_held; // replies of /held, oldest first
    std::vector<std::shared_ptr<HttpStream>> m_streams;
    int m_closed = 0;
    std::unique_ptr<HttpServer> m_server;

    QByteArray talk(QTcpSocket& socket, const QByteArray& text, const QByteArray& until) {
        if (socket.state() == QAbstractSocket::UnconnectedState)
            socket.connectToHost(QHostAddress(QHostAddress::LocalHost), m_server->port());
        socket.write(text);
        QByteArray answer;
        (void)QTest::qWaitFor([&] {
            answer += socket.readAll();
            return answer.contains(until);
        }, 10'000);
        return answer;
    }

private Q_SLOTS:
    void init() {
        m_server = std::make_unique<HttpServer>([this](const HttpRequest& request, const HttpReply& reply) {
            if (request.path == "/held")
                return m_held.push_back(reply);
            if (request.path == "/dropped")
                return;
            if (request.path == "/stream") {
                auto stream = reply.startStream({200, {{"Content-Type", "text/event-stream"}}, {}});
                QVERIFY(stream);
                stream->onClosed = [this] { ++m_closed; };
                m_streams.push_back(stream);
                return;
            }
            reply.send({200, {{"X-Path", request.path}}, request.method + " " + request.body});
        });
        QVERIFY(m_server->listenOn(0, std::nullopt).ok());
        m_closed = 0;
    }
    void cleanup() {
        m_held.clear();
        m_streams.clear();
        m_server.reset();
    }

    void aRequestArrivesAsAValueAndEveryAnswerHasItsId() {
        QTcpSocket socket;
        const QByteArray answer = talk(socket, "POST /a%20b?q=1 HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\nhi", "POST hi");
        QVERIFY(answer.startsWith("HTTP/1.1 200 OK\r\n"));
        QVERIFY(answer.contains("X-Path: /a%20b\r\n"));
        QVERIFY(answer.contains("X-Request-Id: req_"));
    }

    void answersKeepTheOrderOfTheirRequests() {
        QTcpSocket socket;
        socket.connectToHost(QHostAddress(QHostAddress::LocalHost), m_server->port());
        socket.write("GET /held HTTP/1.1\r\nHost: h\r\n\r\nGET /second HTTP/1.1\r\nHost: h\r\n\r\n");
        QTRY_VERIFY(!m_held.empty());
        QTest::qWait(100);
        QCOMPARE(socket.bytesAvailable(), 0);
        m_held.front().send({200, {}, "first"});
        const QByteArray both = talk(socket, "", "/second");
        QVERIFY2(both.indexOf("first") >= 0 && both.indexOf("first") < both.indexOf("/second"), both.constData());
    }

    void aDroppedRequestIsAnswered() {
        QTcpSocket socket;
        QVERIFY(talk(socket, "GET /dropped HTTP/1.1\r\nHost: h\r\n\r\n", "requestId").startsWith("HTTP/1.1 503 "));
    }

    void aReaderWhoLeavesIsNoticed() {
        QTcpSocket socket;
        QVERIFY(talk(socket, "GET /stream HTTP/1.1\r\nHost: h\r\n\r\n", "\r\n\r\n").contains("Connection: close"));
        QVERIFY(m_streams.front()->write("data: x\n\n"));
        QVERIFY(talk(socket, "", "data: x").contains("data: x"));
        socket.abort();
        QTRY_COMPARE(m_closed, 1);
        QVERIFY(!m_streams.front()->write("data: y\n\n"));
    }

    void aReaderWhoFallsBehindIsCut() {
        QTcpSocket socket;
        socket.setReadBufferSize(1024);
        talk(socket, "GET /stream HTTP/1.1\r\nHost: h\r\n\r\n", "\r\n\r\n");
        const std::string chunk(64 * 1024, 'x');
        int written = 0;
        while (written < 1000 && m_streams.front()->write(chunk)) // 64 MB would be far beyond any socket's buffers
            ++written;
        QVERIFY(written < 1000);
        QCOMPARE(m_closed, 1);
    }

    // Longer than the limit and sent as long as it is taken: what was answered, and how much of it got away.
    std::pair<QByteArray, qint64> overflow(const QByteArray& head, const QByteArray& piece) {
        QTcpSocket socket;
        socket.connectToHost(QHostAddress(QHostAddress::LocalHost), m_server->port());
        socket.write(head);
        QByteArray answer;
        qint64 sent = 0;
        connect(&socket, &QTcpSocket::bytesWritten, &socket, [&] {
            while (sent < 64 << 20 && socket.state() == QAbstractSocket::ConnectedState && socket.bytesToWrite() < 1 << 20)
                sent += socket.write(piece);
        });
        (void)QTest::qWaitFor([&] {
            if (socket.isOpen())
                answer += socket.readAll();
            return socket.state() == QAbstractSocket::UnconnectedState;
        }, 30'000);
        return {socket.state() == QAbstractSocket::UnconnectedState ? answer : QByteArray("the connection is still there"), sent};
    }

    void aRequestThatIsTooLongEndsItsConnection() {
        const QByteArray piece(64 * 1024, 'x');
        for (const auto& [head, more] : {std::pair<QByteArray, QByteArray>("POST /stream HTTP/1.1\r\nHost: h\r\nContent-Length: 200000000\r\n\r\n", piece),
                                         {"GET /events HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n", "10000\r\n" + piece + "\r\n"},
                                         {"GET / HTTP/1.1\r\nHost: h\r\nX-Long: ", piece},
                                         {"GET / HTTP/1.1\r\nHost: h\r\n", "X-Many: 1\r\n"}}) {
            const auto [answer, sent] = overflow(head, more);
            QVERIFY2(answer.isEmpty() || answer.startsWith("HTTP/1.1 413 "), answer.constData());
            QVERIFY2(sent < 32 << 20, qPrintable(QString::number(sent)));
        }
        QTcpSocket socket;
        QVERIFY(talk(socket, "GET /fine HTTP/1.1\r\nHost: h\r\n\r\n", "GET ").startsWith("HTTP/1.1 200 "));
    }

    void theRefusalIsReadByAClientThatListens() {
        QTcpSocket socket;
        const QByteArray answer = talk(socket, "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 262144\r\n\r\n" + QByteArray(262144, 'x'), "requestId");
        QVERIFY2(answer.startsWith("HTTP/1.1 413 Payload Too Large\r\n") && answer.contains("PAYLOAD_TOO_LARGE"), answer.constData());
        QTRY_COMPARE(socket.state(), QAbstractSocket::UnconnectedState);
    }

    void theLimitIsForEachRequestNotForAConnection() {
        QTcpSocket socket;
        const QByteArray body(200 * 1024, 'x');
        for (int i = 0; i < 5; ++i) {
            const QByteArray answer = talk(socket, "POST /n" + QByteArray::number(i) + " HTTP/1.1\r\nHost: h\r\nContent-Length: 204800\r\n\r\n" + body, "POST " + body);
            QVERIFY(answer.startsWith("HTTP/1.1 200 OK\r\n"));
        }
    }

    void manyHalfRequestsAreCutAtTheLargest() {
        std::vector<std::unique_ptr<QTcpSocket>> many;
        const int count = IncomingLimit::longestTogether / (200 * 1024) + 20;
        for (int i = 0; i < count; ++i) {
            many.push_back(std::make_unique<QTcpSocket>());
            many.back()->connectToHost(QHostAddress(QHostAddress::LocalHost), m_server->port());
            many.back()->write("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 250000\r\n\r\n" + QByteArray(200 * 1024, 'x'));
        }
        const auto open = [&] {
            return std::count_if(many.begin(), many.end(), [](const auto& one) { return one->state() == QAbstractSocket::ConnectedState && one->bytesToWrite() == 0; });
        };
        QTRY_VERIFY_WITH_TIMEOUT(std::all_of(many.begin(), many.end(), [](const auto& one) { return one->bytesToWrite() == 0; }), 30'000);
        QTRY_VERIFY_WITH_TIMEOUT(open() * 200 * 1024 <= IncomingLimit::longestTogether, 30'000);
        QVERIFY(open() > count / 2); // and no more than needed
        QTcpSocket small; // who asks for little is answered in the meantime
        QVERIFY(talk(small, "GET /fine HTTP/1.1\r\nHost: h\r\n\r\n", "GET ").startsWith("HTTP/1.1 200 "));
    }

    void anInheritedSocketIsServedAndAnotherRefused() {
        QTcpServer holder;
        QVERIFY(holder.listen(QHostAddress::LocalHost));
        const std::uint16_t port = holder.serverPort();
        QTcpSocket early; // in the queue before anybody serves
        early.connectToHost(QHostAddress(QHostAddress::LocalHost), port);
        QVERIFY(early.waitForConnected(10'000));
        holder.pauseAccepting();
        HttpServer heir([](const HttpRequest& request, const HttpReply& reply) { reply.send({200, {}, request.path}); });
        const int wrongPort = ::dup(static_cast<int>(holder.socketDescriptor()));
        QVERIFY(!heir.serve(wrongPort, std::uint16_t(port + 1)).ok());
        QVERIFY(!heir.serve(static_cast<int>(early.socketDescriptor()), port).ok()); // connected, does not listen
        QVERIFY(!heir.serve(4000, port).ok());
        QVERIFY(heir.serve(::dup(static_cast<int>(holder.socketDescriptor())), port).ok());
        QCOMPARE(heir.port(), port);
        early.write("GET /inherited HTTP/1.1\r\nHost: h\r\n\r\n");
        QByteArray answer;
        QTRY_VERIFY((answer += early.readAll()).contains("/inherited"));
    }

    void aTakenPortIsOneSentence() {
        HttpServer second([](const HttpRequest&, const HttpReply&) {});
        const Status listening = second.listenOn(m_server->port(), std::nullopt);
        QVERIFY(!listening.ok());
        QVERIFY(listening.error().message.find(std::to_string(m_server->port())) != std::string::npos);
    }
};

QTEST_GUILESS_MAIN(TestHttpServer)
#include "tst_http_server.moc"
