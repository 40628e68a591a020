// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/session.h"

namespace clawloops::gui {

Session::Session(Files files, QObject* parent)
    : QObject(parent), m_files(std::move(files)), m_pins(m_files.pins.isEmpty() ? PinStore::defaultPath() : m_files.pins),
      m_events(m_client) {
    connect(&m_client, &ApiClient::signedOut, this, [this] {
        if (!m_user)
            return;
        m_user.reset();
        m_events.close();
        (void)tokens().remove();
        use({});
        Q_EMIT signInNeeded(QStringLiteral("This session is over: it ran out, or was ended elsewhere. Sign in again."));
    });
}

TokenStore Session::tokens() const {
    const QString fallback = TokenStore::defaultPath(server().key());
    if (m_files.tokenDirectory.isEmpty())
        return TokenStore(fallback);
    return TokenStore(m_files.tokenDirectory + fallback.mid(fallback.lastIndexOf(u'/')));
}

void Session::use(Secret token) {
    Connection connection = m_client.connection();
    connection.trust.pin = m_pins.pin(connection.server.key());
    connection.token = std::move(token);
    m_client.setConnection(std::move(connection));
}

Status Session::choose(const ServerAddress& address) {
    m_events.close();
    m_user.reset();
    Connection connection;
    connection.server = address;
    m_client.setConnection(connection);
    return m_pins.load();
}

void Session::begin(const ServerAddress& address) {
    const Status pins = choose(address);
    if (!pins)
        return Q_EMIT signInNeeded(QString::fromStdString(pins.error().message));
    const auto token = tokens().read();
    if (!token)
        return Q_EMIT signInNeeded(QString::fromStdString(token.error().message));
    use(token->value_or(Secret()));
    if (!token->has_value())
        return Q_EMIT signInNeeded({});
    resume();
}

void Session::resume() {
    m_client.get(QStringLiteral("/auth/me"), this, [this](ApiResult result) {
        if (const auto* failure = std::get_if<ApiFailure>(&result)) {
            if (failure->kind == ApiFailure::Kind::SignedOut) {
                (void)tokens().remove();
                use({});
                return Q_EMIT signInNeeded(QStringLiteral("This session is over. Sign in again."));
            }
            return fail(*failure, [this] { resume(); });
        }
        auto user = wire::fromJson<wire::User>(std::get<json::object>(result));
        if (!user) {
            ApiFailure failure;
            failure.kind = ApiFailure::Kind::Unreadable;
            failure.sentence = QString::fromStdString(user.error().message);
            return Q_EMIT failed(failure);
        }
        m_user = std::move(*user);
        m_events.open();
        Q_EMIT signedIn();
    });
}

void Session::signIn(const QString& username, const Secret& password) {
    json::object body{{"username", username.toStdString()}, {"password", password.reveal()}, {"kind", "bearer"}};
    use({});
    m_client.post(QStringLiteral("/auth/login"), body, this, [this, username, password](ApiResult result) {
        if (const auto* failure = std::get_if<ApiFailure>(&result))
            return fail(*failure, [this, username, password] { signIn(username, password); });
        auto answer = wire::fromJson<wire::SignedIn>(std::get<json::object>(result));
        if (!answer || !answer->token) {
            ApiFailure failure;
            failure.kind = ApiFailure::Kind::Unreadable;
            failure.sentence = answer ? QStringLiteral("The server opened a session but gave no token for this program.")
                                      : QString::fromStdString(answer.error().message);
            return Q_EMIT failed(failure);
        }
        Secret token(*std::exchange(answer->token, std::nullopt));
        const Status kept = tokens().write(token);
        use(std::move(token));
        m_user = std::move(answer->user);
        m_events.open();
        Q_EMIT signedIn();
        if (!kept) { // signed in all the same, until this window closes
            ApiFailure failure;
            failure.kind = ApiFailure::Kind::Refused;
            failure.sentence = QString::fromStdString(kept.error().message);
            Q_EMIT failed(failure);
        }
    });
}

void Session::fail(const ApiFailure& failure, std::function<void()> again) {
    if (failure.kind == ApiFailure::Kind::CertificateUnknown || failure.kind == ApiFailure::Kind::CertificateChanged) {
        m_again = std::move(again);
        return Q_EMIT certificateQuestion(failure);
    }
    Q_EMIT failed(failure);
}

void Session::acceptCertificate(const QByteArray& sha256) {
    const Status kept = m_pins.remember(server().key(), sha256);
    Connection connection = m_client.connection();
    connection.trust.pin = sha256;
    m_client.setConnection(std::move(connection));
    if (!kept) {
        ApiFailure failure;
        failure.kind = ApiFailure::Kind::Refused;
        failure.sentence = QString::fromStdString(kept.error().message);
        return Q_EMIT failed(failure);
    }
    if (auto again = std::exchange(m_again, nullptr))
        again();
}

void Session::signOut() {
    m_events.close();
    m_user.reset();
    // The token is gone here whatever the server says; the server is told so that it is gone there too.
    m_client.post(QStringLiteral("/auth/logout"), {}, this, [](ApiResult) {});
    (void)tokens().remove();
    Q_EMIT signInNeeded({});
}

} // namespace clawloops::gui
