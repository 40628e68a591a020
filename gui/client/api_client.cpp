// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/api_client.h"

#include <QNetworkReply>
#include <QPointer>

namespace clawloops::gui {

namespace {
constexpr int timeLimitMs = 30'000;
constexpr qint64 largestAnswer = 64 * 1024 * 1024;
} // namespace

ApiClient::ApiClient(QObject* parent) : QObject(parent), m_network(new QNetworkAccessManager(this)) {}

void ApiClient::setConnection(Connection connection) {
    m_connection = std::move(connection);
    // A new pool: no connection that was opened under another pin or authority may carry the next request.
    m_network->disconnect(this);
    m_network->deleteLater();
    m_network = new QNetworkAccessManager(this);
}

void ApiClient::send(const QByteArray& verb, const QString& path, const json::object* body, QObject* guard, Callback callback) {
    exchange(verb, path, body, guard, [callback = std::move(callback), server = m_connection.server](const std::variant<Answer, ApiFailure>& result) {
        if (const auto* failure = std::get_if<ApiFailure>(&result))
            return callback(ApiResult(*failure));
        const Answer& answer = std::get<Answer>(result);
        auto object = answer.body.trimmed().isEmpty() ? Result<json::object>(json::object())
                                                      : parseObject({answer.body.constData(), std::size_t(answer.body.size())});
        if (object)
            return callback(ApiResult(std::move(*object)));
        ApiFailure failure;
        failure.kind = ApiFailure::Kind::Unreadable;
        failure.code = ErrorCode::Internal;
        failure.requestId = answer.requestId;
        failure.sentence = QStringLiteral("%1 sent an answer that cannot be read. It may be of another version; update this program.").arg(server.key());
        callback(ApiResult(std::move(failure)));
    });
}

void ApiClient::text(const QString& path, QObject* guard, std::function<void(std::variant<QByteArray, ApiFailure>)> callback) {
    exchange("GET", path, nullptr, guard, [callback = std::move(callback)](const std::variant<Answer, ApiFailure>& result) {
        if (const auto* failure = std::get_if<ApiFailure>(&result))
            return callback(*failure);
        callback(std::get<Answer>(result).body);
    });
}

void ApiClient::exchange(const QByteArray& verb, const QString& path, const json::object* body, QObject* guard,
                         std::function<void(std::variant<Answer, ApiFailure>)> callback) {
    QNetworkRequest request = makeRequest(m_connection, QLatin1String("/api/v1") + path);
    request.setTransferTimeout(timeLimitMs);
    QByteArray text;
    if (body) {
        request.setHeader(QNetworkRequest::ContentTypeHeader, QStringLiteral("application/json"));
        text = QByteArray::fromStdString(json::serialize(*body));
    }
    QNetworkReply* reply = m_network->sendCustomRequest(request, verb, text);
    auto handshake = HandshakeGuard::watch(reply, m_connection);
    connect(reply, &QNetworkReply::downloadProgress, reply, [reply](qint64 got, qint64) {
        if (got > largestAnswer)
            reply->abort();
    });
    QPointer<QObject> alive(guard ? guard : this);
    connect(reply, &QNetworkReply::finished, this,
            [this, reply, handshake, alive, callback = std::move(callback), server = m_connection.server,
             withToken = !m_connection.token.empty()] {
                reply->deleteLater();
                const QByteArray answer = reply->isOpen() ? reply->readAll() : QByteArray();
                const int status = reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
                if (status >= 200 && status < 300 && reply->error() == QNetworkReply::NoError) {
                    if (alive)
                        callback(Answer{answer, QString::fromLatin1(reply->rawHeader("X-Request-Id"))});
                    return;
                }
                ApiFailure failure = readFailure(*reply, *handshake, server, answer);
                if (failure.kind == ApiFailure::Kind::SignedOut && withToken)
                    Q_EMIT signedOut(failure.sentence);
                if (alive)
                    callback(std::move(failure));
            });
}

} // namespace clawloops::gui
