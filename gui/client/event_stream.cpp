// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/event_stream.h"

#include "base/log.h"
#include "client/api_client.h"

#include <QNetworkReply>
#include <QRandomGenerator>

namespace clawloops::gui {

namespace {
constexpr Log logger("client");
constexpr int silenceMs = 40'000; // the server pings every 15 s
constexpr int longestRetryMs = 10'000;
} // namespace

EventStream::EventStream(ApiClient& client, QObject* parent) : QObject(parent), m_client(client) {
    m_retry.setSingleShot(true);
    m_silence.setSingleShot(true);
    m_silence.setInterval(silenceMs);
    connect(&m_retry, &QTimer::timeout, this, &EventStream::connectNow);
    connect(&m_silence, &QTimer::timeout, this, [this] {
        if (m_reply)
            m_reply->abort();
    });
}

EventStream::~EventStream() {
    blockSignals(true); // whoever listened may be half destroyed itself by now
    close();
}

void EventStream::open() {
    close();
    m_retryMs = m_firstRetryMs;
    setState(State::Connecting);
    connectNow();
}

void EventStream::close() {
    m_retry.stop();
    m_silence.stop();
    if (m_reply) {
        m_reply->disconnect(this);
        m_reply->abort();
        m_reply->deleteLater();
        m_reply = nullptr;
    }
    setState(State::Closed);
}

void EventStream::retryNow() {
    if (m_state == State::Refused)
        return open();
    if (m_retry.isActive()) {
        m_retry.stop();
        connectNow();
    }
}

void EventStream::connectNow() {
    QNetworkRequest request = makeRequest(m_client.connection(), QStringLiteral("/api/v1/events"));
    request.setRawHeader("Accept", "text/event-stream");
    request.setRawHeader("Accept-Encoding", "identity"); // a compressor would hold events back
    m_parser.reset();
    m_reply = m_client.network()->get(request);
    m_handshake = HandshakeGuard::watch(m_reply, m_client.connection());
    connect(m_reply, &QNetworkReply::readyRead, this, &EventStream::read);
    connect(m_reply, &QNetworkReply::finished, this, &EventStream::ended);
    m_silence.start();
}

void EventStream::read() {
    if (m_reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt() != 200)
        return; // an error's body: ended() reads it
    m_silence.start();
    m_lastContact = QDateTime::currentDateTime();
    m_retryMs = m_firstRetryMs;
    const QByteArray bytes = m_reply->readAll();
    const QPointer<QNetworkReply> current = m_reply;
    for (const ServerEvent& one : m_parser.feed(bytes)) {
        auto data = parseObject({one.data.constData(), std::size_t(one.data.size())});
        if (!data) {
            logger.warning("an event cannot be read", {}, {{"type", one.type.toStdString()}, {"reason", data.error().message}});
            continue;
        }
        Q_EMIT event(one.type, *data);
        if (m_reply != current)
            return; // a receiver closed or reopened the stream
    }
    if (m_parser.broken())
        return m_reply->abort();
    setState(State::Live);
}

void EventStream::ended() {
    m_silence.stop();
    QNetworkReply* reply = m_reply;
    m_reply = nullptr;
    reply->deleteLater();
    const int status = reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
    if (status == 200) {
        m_failure = ApiFailure();
        m_failure.kind = ApiFailure::Kind::Interrupted;
        m_failure.sentence = QStringLiteral("%1 ended the live connection.").arg(m_client.connection().server.key());
    } else {
        m_failure = readFailure(*reply, *m_handshake, m_client.connection().server,
                                reply->isOpen() ? reply->readAll() : QByteArray());
    }
    switch (m_failure.kind) {
    case ApiFailure::Kind::CertificateUnknown:
    case ApiFailure::Kind::CertificateChanged:
    case ApiFailure::Kind::CertificateRefused:
    case ApiFailure::Kind::SignedOut:
        return setState(State::Refused);
    case ApiFailure::Kind::Refused:
        if (m_failure.code != ErrorCode::RateLimited && m_failure.code != ErrorCode::Unavailable &&
            m_failure.code != ErrorCode::Internal)
            return setState(State::Refused);
        break;
    default:
        break;
    }
    scheduleRetry();
    setState(State::Stale);
}

void EventStream::scheduleRetry() {
    const int jitter = QRandomGenerator::global()->bounded(m_retryMs / 4 + 1);
    m_retry.start(m_retryMs + jitter);
    m_retryMs = std::min(m_retryMs * 2, longestRetryMs);
}

void EventStream::setState(State state) {
    // Stale is announced at every failed try: its reason may be another one.
    if (m_state == state && state != State::Stale)
        return;
    m_state = state;
    Q_EMIT stateChanged();
}

} // namespace clawloops::gui
