// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "edge/incoming_limit.h"

#include "base/log.h"
#include "edge/http_connection.h"

#include <QTcpSocket>
#include <QTimer>

#include <algorithm>

namespace clawloops {

namespace {
constexpr Log log("edge");
constexpr std::chrono::seconds lastWords{2};
}

IncomingLimit::IncomingLimit(QTcpSocket* socket, std::shared_ptr<IncomingTotal> total)
    : QObject(socket)
    , m_socket(socket)
    , m_total(std::move(total)) {
    m_total->connections.insert(this);
    // Not one event's worth more than that can pile up, however fast it comes.
    socket->setReadBufferSize(longestRequest + 64 * 1024);
    connect(socket, &QIODevice::readyRead, this, &IncomingLimit::arrived);
}

IncomingLimit::~IncomingLimit() {
    forget();
    m_total->connections.erase(this);
}

IncomingLimit* IncomingLimit::of(const QTcpSocket* socket) {
    for (QObject* child : socket->children())
        if (auto* limit = dynamic_cast<IncomingLimit*>(child))
            return limit;
    return nullptr;
}

void IncomingLimit::requestHandedOver() {
    m_first = false;
    forget();
}

// An answer of ours must not get in front of one that is still to come.
bool IncomingLimit::mayAnswer() const {
#if QT_VERSION < QT_VERSION_CHECK(6, 8, 0)
    return m_first || HttpConnection::of(m_socket)->isIdle();
#else
    return m_first;
#endif
}

void IncomingLimit::forget() {
    m_total->bytes -= std::exchange(m_bytes, 0);
}

void IncomingLimit::arrived() {
    // Qt takes everything on each signal, after us: what is available is what has just come.
    const std::int64_t more = m_socket->bytesAvailable();
    m_bytes += more;
    m_total->bytes += more;
    if (m_bytes > longestRequest)
        return refuse();
    if (m_total->bytes > longestTogether)
        (*std::max_element(m_total->connections.begin(), m_total->connections.end(),
                           [](const IncomingLimit* a, const IncomingLimit* b) { return a->m_bytes < b->m_bytes; }))
            ->refuse();
}

void IncomingLimit::refuse() {
    log.warning("a request that is too large was cut", {}, {{"bytes", m_bytes}});
    forget();
    // Nobody hears of it any more, Qt's parser in particular.
    QObject::disconnect(m_socket, &QIODevice::readyRead, nullptr, nullptr);
    if (!mayAnswer())
        return m_socket->abort();
    const HttpResponse answer = HttpResponse::json(
        413, R"({"code":"PAYLOAD_TOO_LARGE","message":"The request is longer than )" + std::to_string(longestRequest / 1024) +
                 R"( KiB.","requestId":""})");
    const std::string bytes = serialise(answer, false, {}, true);
    m_socket->write(bytes.data(), static_cast<qint64>(bytes.size()));
    QTimer::singleShot(lastWords, m_socket, [socket = m_socket] { socket->abort(); });
    m_socket->disconnectFromHost();
}

} // namespace clawloops
