// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/fetch.h"

namespace clawloops::gui {

Fetch::Fetch(ApiClient& client, QString what, Take take, QObject* parent)
    : QObject(parent), m_client(client), m_what(std::move(what)), m_take(std::move(take)) {
    m_soon.setSingleShot(true);
    m_soon.setInterval(1000);
    connect(&m_soon, &QTimer::timeout, this, &Fetch::again);
}

void Fetch::ask(const QString& path) {
    if (path != m_path) { // the answer to another question is not shown as if it were to this one
        m_answeredAt = {};
        m_failure.reset();
        m_offered = true;
        m_busy = false;
    }
    m_path = path;
    again();
}

void Fetch::again() {
    if (m_path.isEmpty())
        return;
    if (m_busy) {
        m_onceMore = true;
        return;
    }
    send();
}

void Fetch::soon() {
    if (!m_path.isEmpty() && !m_soon.isActive())
        m_soon.start();
}

void Fetch::forget() {
    ++m_asked;
    m_soon.stop();
    m_path.clear();
    m_busy = m_onceMore = false;
    m_offered = true;
    m_answeredAt = m_askedAt = {};
    m_failure.reset();
    Q_EMIT changed();
}

void Fetch::send() {
    m_busy = true;
    m_onceMore = false;
    m_askedAt = QDateTime::currentDateTime();
    m_client.get(m_path, this, [this, number = ++m_asked](const ApiResult& result) {
        if (number == m_asked)
            take(result);
    });
    Q_EMIT changed();
}

void Fetch::take(const ApiResult& result) {
    m_busy = false;
    if (const auto* failure = std::get_if<ApiFailure>(&result)) {
        m_failure = *failure;
        m_offered = !(failure->kind == ApiFailure::Kind::Refused && failure->code == ErrorCode::NotFound);
        if (!m_offered)
            m_failure->sentence = QStringLiteral("%1: this server does not offer it. It may be of an older version; update the appliance.").arg(m_what);
    } else {
        m_offered = true;
        const Status read = m_take(std::get<json::object>(result));
        m_failure.reset();
        if (read) {
            m_answeredAt = QDateTime::currentDateTime();
        } else {
            m_failure.emplace();
            m_failure->kind = ApiFailure::Kind::Unreadable;
            m_failure->code = ErrorCode::Internal;
            m_failure->sentence = QStringLiteral("%1: the server's answer cannot be read (%2). It may be of another version; update this program.")
                                      .arg(m_what, QString::fromStdString(read.error().message));
        }
    }
    if (m_onceMore)
        return send();
    Q_EMIT changed();
}

} // namespace clawloops::gui
