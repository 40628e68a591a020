// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "edge/http.h"
#include "edge/incoming_limit.h"

#include <QHttpServerResponder>
#include <QObject>
#include <QPointer>
#include <QTcpServer>
#include <QTcpSocket>

#include <deque>
#include <memory>
#include <optional>
#include <string>

// HttpServer's inner side: what is written to a connection, and in which order. Nothing else includes it.
namespace clawloops {

// Remembers the sockets it hands out as its children, so that one can be found by its peer's port, and counts what each
// receives before anybody else reads from it.
template <class Base> class HttpListener final : public Base {
public:
    using Base::Base;
    QTcpSocket* nextPendingConnection() override {
        QTcpSocket* socket = Base::nextPendingConnection();
        if (socket) {
            socket->setParent(this);
            new IncomingLimit(socket, m_incoming); // its socket's
        }
        return socket;
    }

private:
    const std::shared_ptr<IncomingTotal> m_incoming = std::make_shared<IncomingTotal>();
};
[[nodiscard]] QTcpSocket* socketOfPeer(QTcpServer* listener, quint16 peerPort);

[[nodiscard]] std::string serialise(const HttpResponse& response, bool headOnly, const std::string& rid, bool stream);

// A stream on a raw socket: with slowReaderLimit, and it knows when the reader leaves.
class SocketStream final : public QObject, public HttpStream {
public:
    explicit SocketStream(QTcpSocket* socket);
    [[nodiscard]] bool write(std::string_view bytes) override;
    void close() override;

private:
    void ended();
    QPointer<QTcpSocket> m_socket;
    bool m_open = true;
};

#if QT_VERSION < QT_VERSION_CHECK(6, 8, 0)
// One per socket, owned by it. Qt 6.4 hands over pipelined requests without waiting for the answer to the one before; answers
// are held back here until it is their turn.
class HttpConnection final : public QObject {
public:
    class Slot final : public HttpReply::Exchange {
    public:
        ~Slot() override;
        void send(HttpResponse response) override;
        std::shared_ptr<HttpStream> startStream(HttpResponse head) override;
        std::string rid;

    private:
        friend class HttpConnection;
        QPointer<HttpConnection> m_connection;
        std::uint64_t m_number = 0;
        bool m_headOnly = false;
        bool m_answered = false;
    };

    [[nodiscard]] static HttpConnection* of(QTcpSocket* socket);
    [[nodiscard]] std::shared_ptr<Slot> open(bool headOnly);
    [[nodiscard]] bool isIdle() const { return m_opened == m_written && !m_streaming; } // nothing is to be answered

private:
    explicit HttpConnection(QTcpSocket* socket);
    void answer(std::uint64_t number, std::string bytes);

    QTcpSocket* m_socket;
    std::uint64_t m_opened = 0; // requests so far
    std::uint64_t m_written = 0; // answers so far
    std::deque<std::optional<std::string>> m_waiting; // answers m_written + 1 …
    bool m_streaming = false; // nothing follows a stream
};
#else
// From 6.8 on Qt itself serialises a connection's requests and keeps it between them, so answers go by its responder.
class ResponderExchange final : public HttpReply::Exchange {
public:
    ResponderExchange(QHttpServerResponder&& responder, QTcpSocket* socket, std::string rid);
    ~ResponderExchange() override;
    void send(HttpResponse response) override;
    std::shared_ptr<HttpStream> startStream(HttpResponse head) override;

private:
    std::optional<QHttpServerResponder> m_responder;
    QPointer<QTcpSocket> m_socket;
    std::string m_rid;
};
#endif

} // namespace clawloops
