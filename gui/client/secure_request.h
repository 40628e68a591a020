// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/secret.h"
#include "client/api_failure.h"
#include "client/server_address.h"
#include "client/server_trust.h"

#include <QNetworkRequest>
#include <memory>

class QNetworkReply;

namespace clawloops::gui {

// Everything a request needs to go to one appliance and nowhere else. Shared by calls and by the event stream.
struct Connection {
    ServerAddress server;
    ServerTrust trust;
    Secret token; // empty: not signed in
};

// HTTP/1.1, no redirects (a token follows none), the bearer token where there is one.
[[nodiscard]] QNetworkRequest makeRequest(const Connection& connection, const QString& path);

// Watches the TLS handshake of a reply, before any byte of the request is sent: an unknown, changed or refused certificate
// aborts it, and then failure() says so. Lives as long as the reply.
class HandshakeGuard {
public:
    static std::shared_ptr<HandshakeGuard> watch(QNetworkReply* reply, const Connection& connection);
    [[nodiscard]] bool stopped() const { return m_stopped; }
    [[nodiscard]] const ApiFailure& failure() const { return m_failure; }

private:
    void judge(QNetworkReply* reply, const QSslCertificate& leaf, const QList<QSslError>& errors);
    ServerAddress m_server;
    ServerTrust m_trust;
    bool m_stopped = false;
    ApiFailure m_failure;
};

// What went wrong with a finished reply; `body` is what it said.
[[nodiscard]] ApiFailure readFailure(const QNetworkReply& reply, const HandshakeGuard& guard, const ServerAddress& server,
                                     const QByteArray& body);

} // namespace clawloops::gui
