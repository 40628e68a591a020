// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "edge/http_server.h"

#include <QTcpSocket>
#include <QTest>

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

    void aTakenPortIsOneSentence() {
        HttpServer second([](const HttpRequest&, const HttpReply&) {});
        const Status listening = second.listenOn(m_server->port(), std::nullopt);
        QVERIFY(!listening.ok());
        QVERIFY(listening.error().message.find(std::to_string(m_server->port())) != std::string::npos);
    }
};

QTEST_GUILESS_MAIN(TestHttpServer)
#include "tst_http_server.moc"
