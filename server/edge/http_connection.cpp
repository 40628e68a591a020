// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "edge/http_connection.h"

#include "edge/http_server.h"

namespace clawloops {

namespace {
std::string_view reason(int status) {
    switch (status) {
    case 200: return "OK";
    case 201: return "Created";
    case 202: return "Accepted";
    case 204: return "No Content";
    case 303: return "See Other";
    case 304: return "Not Modified";
    case 400: return "Bad Request";
    case 401: return "Unauthorized";
    case 403: return "Forbidden";
    case 404: return "Not Found";
    case 405: return "Method Not Allowed";
    case 409: return "Conflict";
    case 410: return "Gone";
    case 413: return "Payload Too Large";
    case 421: return "Misdirected Request";
    case 422: return "Unprocessable Entity";
    case 429: return "Too Many Requests";
    case 503: return "Service Unavailable";
    default: return status >= 500 ? "Internal Server Error" : "Unknown";
    }
}

HttpResponse unanswered() {
    return HttpResponse::json(503, R"({"code":"UNAVAILABLE","message":"The control plane dropped this request. Try again.","requestId":""})");
}
} // namespace

QTcpSocket* socketOfPeer(QTcpServer* listener, quint16 peerPort) {
    for (QTcpSocket* socket : listener->findChildren<QTcpSocket*>(QString(), Qt::FindDirectChildrenOnly))
        if (socket->peerPort() == peerPort)
            return socket;
    return nullptr;
}

std::string serialise(const HttpResponse& response, bool headOnly, const std::string& rid, bool stream) {
    std::string bytes = "HTTP/1.1 " + std::to_string(response.status) + ' ' + std::string(reason(response.status)) + "\r\n";
    for (const auto& [name, value] : response.headers)
        bytes += name + ": " + value + "\r\n";
    if (!rid.empty())
        bytes += "X-Request-Id: " + rid + "\r\n";
    if (stream)
        bytes += "Connection: close\r\n"; // the end of the stream is the end of the connection
    else if (response.status != 204 && response.status != 304)
        bytes += "Content-Length: " + std::to_string(response.body.size()) + "\r\n";
    bytes += "\r\n";
    if (!headOnly)
        bytes += response.body;
    return bytes;
}

SocketStream::SocketStream(QTcpSocket* socket)
    : m_socket(socket) {
    connect(socket, &QTcpSocket::disconnected, this, [this] { ended(); });
    connect(socket, &QObject::destroyed, this, [this] { ended(); });
}

void SocketStream::ended() {
    if (!m_open)
        return;
    m_open = false;
    if (onClosed)
        std::exchange(onClosed, nullptr)();
}

bool SocketStream::write(std::string_view bytes) {
    if (!m_open || !m_socket)
        return false;
    if (m_socket->bytesToWrite() + static_cast<qint64>(bytes.size()) > HttpServer::slowReaderLimit) {
        m_socket->abort(); // ends by disconnected()
        ended();
        return false;
    }
    m_socket->write(bytes.data(), static_cast<qint64>(bytes.size()));
    return true;
}

void SocketStream::close() {
    if (m_socket)
        m_socket->disconnectFromHost();
    ended();
}

#if QT_VERSION < QT_VERSION_CHECK(6, 8, 0)

HttpConnection::HttpConnection(QTcpSocket* socket)
    : QObject(socket)
    , m_socket(socket) {
    setObjectName(QStringLiteral("clawloops-connection"));
}

HttpConnection* HttpConnection::of(QTcpSocket* socket) {
    for (QObject* child : socket->children())
        if (auto* connection = dynamic_cast<HttpConnection*>(child))
            return connection;
    return new HttpConnection(socket);
}

std::shared_ptr<HttpConnection::Slot> HttpConnection::open(bool headOnly) {
    auto slot = std::make_shared<Slot>();
    slot->m_connection = this;
    slot->m_number = ++m_opened;
    slot->m_headOnly = headOnly;
    m_waiting.emplace_back();
    return slot;
}

void HttpConnection::answer(std::uint64_t number, std::string bytes) {
    m_waiting[number - m_written - 1] = std::move(bytes);
    while (!m_waiting.empty() && m_waiting.front() && !m_streaming) {
        m_socket->write(m_waiting.front()->data(), static_cast<qint64>(m_waiting.front()->size()));
        m_waiting.pop_front();
        ++m_written;
    }
}

HttpConnection::Slot::~Slot() {
    if (!m_answered)
        send(unanswered());
}

void HttpConnection::Slot::send(HttpResponse response) {
    if (std::exchange(m_answered, true) || !m_connection)
        return;
    m_connection->answer(m_number, serialise(response, m_headOnly, rid, false));
}

std::shared_ptr<HttpStream> HttpConnection::Slot::startStream(HttpResponse head) {
    // Behind an unanswered request there is no place for a stream: nobody but a pipelining client gets there.
    if (m_answered || !m_connection || m_number != m_connection->m_written + 1)
        return nullptr;
    m_answered = true;
    m_connection->answer(m_number, serialise(head, m_headOnly, rid, true));
    m_connection->m_streaming = true;
    return std::make_shared<SocketStream>(m_connection->m_socket);
}

#else

namespace {
QHttpHeaders qtHeaders(const HttpResponse& response, const std::string& rid) {
    QHttpHeaders headers;
    for (const auto& [name, value] : response.headers)
        headers.append(QByteArray::fromStdString(name), QByteArray::fromStdString(value));
    if (!rid.empty())
        headers.append(QByteArrayLiteral("X-Request-Id"), QByteArray::fromStdString(rid));
    return headers;
}
} // namespace

ResponderExchange::ResponderExchange(QHttpServerResponder&& responder, QTcpSocket* socket, std::string rid)
    : m_responder(std::move(responder))
    , m_socket(socket)
    , m_rid(std::move(rid)) {}

ResponderExchange::~ResponderExchange() {
    if (m_responder)
        send(unanswered());
}

void ResponderExchange::send(HttpResponse response) {
    if (!m_responder)
        return;
    m_responder->write(QByteArray::fromStdString(response.body), qtHeaders(response, m_rid),
                       static_cast<QHttpServerResponder::StatusCode>(response.status));
    m_responder.reset();
}

std::shared_ptr<HttpStream> ResponderExchange::startStream(HttpResponse head) {
    if (!m_responder || !m_socket)
        return nullptr;
    m_responder.reset(); // the connection is this stream's from here on, until it closes
    const std::string bytes = serialise(head, false, m_rid, true);
    m_socket->write(bytes.data(), static_cast<qint64>(bytes.size()));
    return std::make_shared<SocketStream>(m_socket);
}

#endif

} // namespace clawloops
