// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/secure_request.h"

#include "wire/api_types.h"

#include <QNetworkReply>
#include <QSslConfiguration>

namespace clawloops::gui {

namespace {

QString certificateSentence(ApiFailure::Kind kind, const ServerAddress& server, const QString& reason) {
    switch (kind) {
    case ApiFailure::Kind::CertificateChanged:
        return QStringLiteral("%1 shows another certificate than the one accepted before, so nothing was sent. If the appliance was "
                              "set up again, compare the new fingerprint there and accept it; if not, somebody may be in between.")
            .arg(server.key());
    case ApiFailure::Kind::CertificateUnknown:
        return QStringLiteral("%1 shows a certificate that this computer does not know yet. Compare its fingerprint with the one "
                              "that the appliance printed, then accept it.")
            .arg(server.key());
    default:
        return QStringLiteral("The certificate of %1 is not from the given authority (%2), so nothing was sent. Give the "
                              "appliance's own lan-ca.crt.")
            .arg(server.key(), reason);
    }
}

QString networkSentence(const QNetworkReply& reply, const ServerAddress& server) {
    switch (reply.error()) {
    case QNetworkReply::ConnectionRefusedError:
        return QStringLiteral("Nothing answers at %1. Check that the appliance is running there.").arg(server.key());
    case QNetworkReply::HostNotFoundError:
        return QStringLiteral("There is no host named %1 on this network. Check the address.").arg(server.host());
    case QNetworkReply::TimeoutError:
    case QNetworkReply::OperationCanceledError:
        return QStringLiteral("%1 did not answer in time. Check the network between here and there.").arg(server.key());
    case QNetworkReply::RemoteHostClosedError:
        return QStringLiteral("%1 closed the connection. It may be starting; try again in a few seconds.").arg(server.key());
    case QNetworkReply::SslHandshakeFailedError:
        return QStringLiteral("%1 does not speak TLS as an appliance does. Check the port.").arg(server.key());
    default:
        return QStringLiteral("%1 cannot be reached: %2.").arg(server.key(), reply.errorString());
    }
}

} // namespace

QNetworkRequest makeRequest(const Connection& connection, const QString& path) {
    QNetworkRequest request(connection.server.url(path));
    // One connection pool with one handshake each: HTTP/2 in Qt 6.4 shares errors between unrelated requests.
    request.setAttribute(QNetworkRequest::Http2AllowedAttribute, false);
    request.setAttribute(QNetworkRequest::RedirectPolicyAttribute, QNetworkRequest::ManualRedirectPolicy);
    request.setAttribute(QNetworkRequest::CookieSaveControlAttribute, QNetworkRequest::Manual);
    request.setAttribute(QNetworkRequest::CookieLoadControlAttribute, QNetworkRequest::Manual);
    request.setHeader(QNetworkRequest::UserAgentHeader, QStringLiteral("ClawLoops"));
    request.setRawHeader("Accept", "application/json");
    if (!connection.token.empty()) {
        const std::string_view token = connection.token.reveal();
        request.setRawHeader("Authorization", "Bearer " + QByteArray(token.data(), qsizetype(token.size())));
    }
    QSslConfiguration tls = QSslConfiguration::defaultConfiguration();
    tls.setPeerVerifyMode(QSslSocket::VerifyPeer);
    tls.setProtocol(QSsl::TlsV1_2OrLater);
    if (!connection.trust.authorities.isEmpty())
        tls.setCaCertificates(connection.trust.authorities);
    request.setSslConfiguration(tls);
    return request;
}

std::shared_ptr<HandshakeGuard> HandshakeGuard::watch(QNetworkReply* reply, const Connection& connection) {
    auto guard = std::make_shared<HandshakeGuard>();
    guard->m_server = connection.server;
    guard->m_trust = connection.trust;
    // sslErrors comes in the middle of the handshake; encrypted after it, also where the system trusts the certificate: a
    // pin counts there too. Neither has sent anything of the request.
    QObject::connect(reply, &QNetworkReply::sslErrors, reply, [guard, reply](const QList<QSslError>& errors) {
        guard->judge(reply, reply->sslConfiguration().peerCertificate(), errors);
    });
    QObject::connect(reply, &QNetworkReply::encrypted, reply, [guard, reply] {
        if (guard->m_trust.pin)
            guard->judge(reply, reply->sslConfiguration().peerCertificate(), {});
    });
    return guard;
}

void HandshakeGuard::judge(QNetworkReply* reply, const QSslCertificate& leaf, const QList<QSslError>& errors) {
    if (m_stopped)
        return;
    const TrustVerdict verdict = m_trust.judge(leaf, errors);
    if (verdict == TrustVerdict::Trusted) {
        if (!errors.isEmpty())
            reply->ignoreSslErrors(errors);
        return;
    }
    m_stopped = true;
    m_failure.kind = verdict == TrustVerdict::Changed   ? ApiFailure::Kind::CertificateChanged
                     : verdict == TrustVerdict::Unknown ? ApiFailure::Kind::CertificateUnknown
                                                        : ApiFailure::Kind::CertificateRefused;
    m_failure.code = ErrorCode::AccessDenied;
    m_failure.certificate = leaf;
    m_failure.sentence =
        certificateSentence(m_failure.kind, m_server, errors.isEmpty() ? QString() : errors.first().errorString());
    reply->abort();
}

ApiFailure readFailure(const QNetworkReply& reply, const HandshakeGuard& guard, const ServerAddress& server,
                       const QByteArray& body) {
    if (guard.stopped())
        return guard.failure();
    ApiFailure failure;
    const int status = reply.attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
    failure.requestId = QString::fromLatin1(reply.rawHeader("X-Request-Id"));
    if (status == 0) {
        failure.kind = ApiFailure::Kind::Unreachable;
        failure.sentence = networkSentence(reply, server);
        return failure;
    }
    const auto object = parseObject({body.constData(), std::size_t(body.size())});
    if (object) {
        const json::value* code = object->if_contains("code");
        const json::value* message = object->if_contains("message");
        if (code && code->is_string() && message && message->is_string()) {
            const auto known = errorCodeFromName(std::string_view(code->get_string()));
            failure.code = known.value_or(ErrorCode::Internal);
            failure.kind = failure.code == ErrorCode::Unauthenticated ? ApiFailure::Kind::SignedOut : ApiFailure::Kind::Refused;
            failure.sentence = QString::fromUtf8(message->get_string().data(), qsizetype(message->get_string().size()));
            if (const json::value* id = object->if_contains("requestId"); id && id->is_string() && failure.requestId.isEmpty())
                failure.requestId = QString::fromUtf8(id->get_string().data(), qsizetype(id->get_string().size()));
            return failure;
        }
    }
    if (status == 502 || status == 503 || status == 504) {
        failure.kind = ApiFailure::Kind::ControlPlaneSilent;
        failure.sentence = QStringLiteral("The entry of %1 answers, but the control plane behind it does not. It is restarted by "
                                          "itself; this window goes on when it is back.")
                               .arg(server.key());
        return failure;
    }
    failure.kind = ApiFailure::Kind::Unreadable;
    failure.code = ErrorCode::Internal;
    failure.sentence = QStringLiteral("%1 answers, but not as a ClawLoops appliance (status %2). Check the address and the port.")
                           .arg(server.key())
                           .arg(status);
    return failure;
}

} // namespace clawloops::gui
