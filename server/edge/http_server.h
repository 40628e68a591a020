// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "edge/http.h"

#include <QAbstractHttpServer>
#include <QSslConfiguration>

#include <cstdint>
#include <map>
#include <memory>
#include <optional>

class QTcpServer;
class QTcpSocket;

namespace clawloops {

// The only code that knows QtHttpServer, and the place of its cures: a listener that half-open connections cannot wedge,
// answers in the order of the requests, a cap on what a slow reader may pile up and on what a request may be (IncomingLimit). It is
// unfit for untrusted peers all the same, so it listens on loopback only, and the API's listener takes Traefik's client
// certificate and no other. On the event loop's thread; the handler is called there.
class HttpServer final : public QAbstractHttpServer {
public:
    static constexpr std::int64_t slowReaderLimit = 1 << 20; // bytes waiting in one connection

    explicit HttpServer(HttpHandler handler, QObject* parent = nullptr);

    // 127.0.0.1; port 0 takes a free one. With a TLS configuration a client certificate of its CA is demanded.
    [[nodiscard]] Status listenOn(std::uint16_t port, const std::optional<QSslConfiguration>& tls);
    // The same on a plain listening socket that this process has inherited; refused when it is not one on that port. It is ours
    // from here on.
    [[nodiscard]] Status serve(int listeningSocket, std::uint16_t port);
    [[nodiscard]] std::uint16_t port() const;

    // Our leaf, our key, and the CA whose one leaf may connect.
    [[nodiscard]] static Result<QSslConfiguration> mutualTls(const std::string& certificateFile, const std::string& keyFile,
                                                             const std::string& clientCaFile);

protected:
#if QT_VERSION < QT_VERSION_CHECK(6, 8, 0)
    bool handleRequest(const QHttpServerRequest& request, QTcpSocket* socket) override;
    void missingHandler(const QHttpServerRequest& request, QTcpSocket* socket) override;
#else
    bool handleRequest(const QHttpServerRequest& request, QHttpServerResponder& responder) override;
    void missingHandler(const QHttpServerRequest& request, QHttpServerResponder& responder) override;
#endif

private:
    [[nodiscard]] Status use(QTcpServer* listener);
    HttpHandler m_handler;
    QTcpServer* m_listener = nullptr;
};

} // namespace clawloops
