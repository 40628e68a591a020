// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "edge/http_server.h"

#include "base/files.h"
#include "base/random.h"
#include "edge/http_connection.h"

#include <QHttpServerRequest>
#include <QHttpServerResponder>
#include <QSslCertificate>
#include <QSslKey>
#include <QSslServer>
#include <QTcpServer>
#include <QTcpSocket>

#include <algorithm>
#include <fcntl.h>
#include <sys/socket.h>

namespace clawloops {

namespace {
std::string methodName(QHttpServerRequest::Method method) {
    using Method = QHttpServerRequest::Method;
    switch (method) {
    case Method::Get: return "GET";
    case Method::Put: return "PUT";
    case Method::Delete: return "DELETE";
    case Method::Post: return "POST";
    case Method::Head: return "HEAD";
    case Method::Options: return "OPTIONS";
    case Method::Patch: return "PATCH";
    case Method::Connect: return "CONNECT";
    case Method::Trace: return "TRACE";
    default: return "?";
    }
}

void addHeader(HttpHeaders& headers, std::string name, std::string value) {
    std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    headers.emplace_back(std::move(name), std::move(value));
}

HttpRequest valueOf(const QHttpServerRequest& from) {
    HttpRequest request;
    request.method = methodName(from.method());
    request.path = from.url().path(QUrl::FullyEncoded).toStdString();
    request.query = from.url().query(QUrl::FullyEncoded).toStdString();
    request.body = from.body().toStdString();
    request.rid = newRequestId();
#if QT_VERSION < QT_VERSION_CHECK(6, 8, 0)
    for (const auto& [name, value] : from.headers())
        addHeader(request.headers, name.toStdString(), value.toStdString());
#else
    const QHttpHeaders& headers = from.headers();
    for (qsizetype i = 0; i < headers.size(); ++i)
        addHeader(request.headers, std::string(headers.nameAt(i).data(), headers.nameAt(i).size()),
                  headers.valueAt(i).toByteArray().toStdString());
#endif
    return request;
}
} // namespace

HttpServer::HttpServer(HttpHandler handler, QObject* parent)
    : QAbstractHttpServer(parent)
    , m_handler(std::move(handler)) {}

Status HttpServer::listenOn(std::uint16_t wanted, const std::optional<QSslConfiguration>& tls) {
    QTcpServer* listener = nullptr;
    if (tls) {
        auto* secure = new HttpListener<QSslServer>(this);
        secure->setSslConfiguration(*tls);
        listener = secure;
    } else {
        listener = new HttpListener<QTcpServer>(this);
    }
    // QTcpServer stops accepting once this many handshakes are half done, and a TLS listener never recovers from it.
    listener->setMaxPendingConnections(1'000'000);
    if (!listener->listen(QHostAddress::LocalHost, wanted)) {
        const Error problem{ErrorCode::Unavailable,
                            "Port " + std::to_string(wanted) + " on 127.0.0.1 cannot be used (" +
                                listener->errorString().toStdString() + "). Free it, or set another one in the settings, section ports.",
                            {}};
        delete listener;
        return problem;
    }
    return use(listener);
}

Status HttpServer::serve(int listeningSocket, std::uint16_t wanted) {
    auto* listener = new HttpListener<QTcpServer>(this);
    listener->setMaxPendingConnections(1'000'000);
    int listens = 0;
    socklen_t size = sizeof listens;
    if (::getsockopt(listeningSocket, SOL_SOCKET, SO_ACCEPTCONN, &listens, &size) != 0 || listens == 0 ||
        ::fcntl(listeningSocket, F_SETFD, FD_CLOEXEC) != 0 || !listener->setSocketDescriptor(listeningSocket) ||
        listener->serverAddress() != QHostAddress(QHostAddress::LocalHost) || listener->serverPort() != wanted) {
        delete listener;
        return Error{ErrorCode::Internal, "Descriptor " + std::to_string(listeningSocket) + " is no socket that listens on 127.0.0.1:" +
                                              std::to_string(wanted) + ": leave --check-socket out, or hand one over.", {}};
    }
    return use(listener);
}

Status HttpServer::use(QTcpServer* listener) {
#if QT_VERSION < QT_VERSION_CHECK(6, 8, 0)
    bind(listener);
#else
    if (!bind(listener))
        return Error{ErrorCode::Internal, "The listener cannot be used.", {}};
#endif
    m_listener = listener;
    return {};
}

std::uint16_t HttpServer::port() const { return m_listener ? m_listener->serverPort() : 0; }

Result<QSslConfiguration> HttpServer::mutualTls(const std::string& certificateFile, const std::string& keyFile,
                                                const std::string& clientCaFile) {
    const auto certificate = readFile(certificateFile);
    const auto key = readFile(keyFile);
    const auto clientCa = readFile(clientCaFile);
    for (const auto* file : {&certificate, &key, &clientCa})
        if (!*file)
            return file->error();
    const QSslKey privateKeyEc(QByteArray::fromStdString(*key), QSsl::Ec);
    const QSslKey privateKey = privateKeyEc.isNull() ? QSslKey(QByteArray::fromStdString(*key), QSsl::Rsa) : privateKeyEc;
    const QSslCertificate leaf(QByteArray::fromStdString(*certificate));
    const auto authorities = QSslCertificate::fromData(QByteArray::fromStdString(*clientCa));
    if (privateKey.isNull() || leaf.isNull() || authorities.isEmpty())
        return Error{ErrorCode::Internal, "The TLS files of the control plane cannot be read: " + certificateFile + ", " + keyFile +
                                              " or " + clientCaFile + " is no PEM file of its kind.", {}};
    QSslConfiguration configuration = QSslConfiguration::defaultConfiguration();
    configuration.setLocalCertificate(leaf);
    configuration.setPrivateKey(privateKey);
    configuration.setCaCertificates(authorities); // the private CA and none of the system's
    configuration.setPeerVerifyMode(QSslSocket::VerifyPeer);
    configuration.setProtocol(QSsl::TlsV1_2OrLater);
    return configuration;
}

#if QT_VERSION < QT_VERSION_CHECK(6, 8, 0)
bool HttpServer::handleRequest(const QHttpServerRequest& request, QTcpSocket* socket) {
    if (IncomingLimit* limit = IncomingLimit::of(socket))
        limit->requestHandedOver();
    auto exchange = HttpConnection::of(socket)->open(request.method() == QHttpServerRequest::Method::Head);
    HttpRequest value = valueOf(request);
    exchange->rid = value.rid;
    m_handler(std::move(value), HttpReply(std::move(exchange)));
    return true;
}
void HttpServer::missingHandler(const QHttpServerRequest&, QTcpSocket*) {} // handleRequest() takes everything
#else
bool HttpServer::handleRequest(const QHttpServerRequest& request, QHttpServerResponder& responder) {
    HttpRequest value = valueOf(request);
    QTcpSocket* socket = socketOfPeer(m_listener, request.remotePort());
    if (IncomingLimit* limit = socket ? IncomingLimit::of(socket) : nullptr)
        limit->requestHandedOver();
    auto exchange = std::make_shared<ResponderExchange>(std::move(responder), socket, value.rid);
    m_handler(std::move(value), HttpReply(std::move(exchange)));
    return true;
}
void HttpServer::missingHandler(const QHttpServerRequest&, QHttpServerResponder&) {}
#endif

} // namespace clawloops
