// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "link/control_client.h"

#include "base/log.h"

#include <QLocalSocket>
#include <QPointer>

namespace clawloops {

namespace {
constexpr Log logger("link");
constexpr int longestRetryMs = 2000;
}

struct ControlClient::Pending {
    QPointer<QObject> guard;
    Callback callback;
    QTimer* timer = nullptr;
};

ControlClient::ControlClient(QString path, std::string name, QObject* parent)
    : QObject(parent), m_path(std::move(path)), m_name(std::move(name)) {
    m_retry.setSingleShot(true);
    connect(&m_retry, &QTimer::timeout, this, &ControlClient::connectNow);
}

ControlClient::~ControlClient() {
    if (m_socket)
        m_socket->disconnect(this);
}

void ControlClient::open() {
    if (!m_socket)
        connectNow();
}

void ControlClient::connectNow() {
    if (!m_socket) {
        m_socket = new QLocalSocket(this);
        connect(m_socket, &QLocalSocket::connected, this, [this] {
            m_connected = true;
            m_retryMs = 100;
            Q_EMIT connected();
        });
        connect(m_socket, &QLocalSocket::readyRead, this, &ControlClient::read);
        connect(m_socket, &QLocalSocket::disconnected, this, &ControlClient::lost);
        // Queued: the error is reported before the state changes.
        connect(
            m_socket, &QLocalSocket::errorOccurred, this,
            [this] {
                if (m_socket->state() == QLocalSocket::UnconnectedState)
                    lost();
            },
            Qt::QueuedConnection);
    }
    m_lines = {};
    m_socket->connectToServer(m_path);
}

void ControlClient::lost() {
    const bool was = std::exchange(m_connected, false);
    if (!m_retry.isActive()) {
        m_retry.start(m_retryMs);
        m_retryMs = std::min(m_retryMs * 2, longestRetryMs);
    }
    while (!m_pending.empty())
        answer(m_pending.begin()->first,
               Error{ErrorCode::Unavailable, m_name + " stopped answering. If that lasts, the desktop app shows an admin why.", "connection lost"});
    if (was) {
        logger.warning("lost a control connection", {}, {{"peer", m_name}});
        Q_EMIT disconnected();
    }
}

void ControlClient::call(const std::string& verb, json::object args, QObject* guard, Callback callback,
                         std::chrono::milliseconds timeout, const std::string& rid) {
    const std::int64_t id = m_nextId++;
    auto* timer = new QTimer(this);
    timer->setSingleShot(true);
    m_pending[id] = Pending{guard ? guard : this, std::move(callback), timer};
    if (!m_connected) {
        // Later, so that a caller never hears back inside its own call.
        connect(timer, &QTimer::timeout, this, [this, id] {
            answer(id, Error{ErrorCode::Unavailable, m_name + " is not reachable. If that lasts, the desktop app shows an admin why.", "not connected"});
        });
        timer->start(0);
        return;
    }
    connect(timer, &QTimer::timeout, this, [this, id, verb] {
        answer(id, Error{ErrorCode::Unavailable, m_name + " did not answer in time. If that lasts, the desktop app shows an admin why.",
                         "time limit of " + verb});
    });
    timer->start(timeout);
    const std::string line = control::encode(control::Request{id, verb, rid, std::move(args)});
    m_socket->write(line.data(), static_cast<qint64>(line.size()));
}

void ControlClient::read() {
    const QByteArray bytes = m_socket->readAll();
    if (!m_lines.push({bytes.constData(), static_cast<std::size_t>(bytes.size())})) {
        m_socket->abort();
        return;
    }
    while (auto line = m_lines.next()) {
        auto parsed = control::parseAnswer(*line);
        if (!parsed) {
            logger.warning("a control peer sent what is no answer", {}, {{"peer", m_name}, {"reason", parsed.error().message}});
            m_socket->abort();
            return;
        }
        if (auto* pushed = std::get_if<control::Event>(&*parsed))
            Q_EMIT event(QString::fromStdString(pushed->name), pushed->data);
        else
            answer(std::get<control::Reply>(*parsed).id, std::move(std::get<control::Reply>(*parsed).outcome));
    }
}

void ControlClient::answer(std::int64_t id, Result<json::object> outcome) {
    const auto found = m_pending.find(id);
    if (found == m_pending.end())
        return;
    Pending pending = std::move(found->second);
    m_pending.erase(found);
    pending.timer->deleteLater();
    if (pending.guard)
        pending.callback(std::move(outcome));
}

} // namespace clawloops
