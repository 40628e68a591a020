// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/listener.h"

#include "base/log.h"
#include "store/connection.h"

#include <libpq-fe.h>

#include <algorithm>
#include <cstdlib>
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

namespace clawloops::store {

namespace {
constexpr Log logger("store");
constexpr int firstPause = 100;
constexpr int longestPause = 2000;
constexpr int askEvery = 5000;
} // namespace

Listener::Listener(std::string url, std::string channel, QObject* parent)
    : QObject(parent), m_url(std::move(url)), m_channel(std::move(channel)), m_stop(::eventfd(0, EFD_CLOEXEC)) {
    if (m_stop < 0)
        std::abort(); // no descriptor left at start
}

Listener::~Listener() {
    m_stopping = true;
    const std::uint64_t one = 1;
    if (::write(m_stop, &one, sizeof one) < 0)
        logger.warning("could not wake the listening thread");
    if (m_thread.joinable())
        m_thread.join();
    ::close(m_stop);
}

void Listener::start() {
    m_thread = std::thread([this] { serve(); });
}

bool Listener::waitFor(int socket, int milliseconds) const {
    pollfd fds[] = {{m_stop, POLLIN, 0}, {socket, POLLIN, 0}};
    ::poll(fds, socket < 0 ? 1 : 2, milliseconds);
    return !m_stopping;
}

void Listener::serve() {
    int pause = firstPause;
    while (!m_stopping) {
        const auto began = std::chrono::steady_clock::now();
        if (!listenOnce())
            return;
        if (std::chrono::steady_clock::now() - began > std::chrono::seconds(10))
            pause = firstPause;
        if (!waitFor(-1, pause))
            return;
        pause = std::min(pause * 2, longestPause);
    }
}

bool Listener::listenOnce() {
    Connection connection(m_url, "clawloopsd-listen", std::chrono::seconds(5));
    if (!connection.ensure() || !connection.script("LISTEN " + m_channel))
        return !m_stopping;
    QMetaObject::invokeMethod(this, [this] { Q_EMIT listening(); }, Qt::QueuedConnection);
    bool alive = true;
    while (alive) {
        const auto before = std::chrono::steady_clock::now();
        if (!waitFor(PQsocket(connection.native()), askEvery))
            return false;
        alive = PQconsumeInput(connection.native()) == 1;
        // A quiet connection may be a dead one: ask.
        if (alive && std::chrono::steady_clock::now() - before >= std::chrono::milliseconds(askEvery))
            alive = connection.script("SELECT 1").ok();
        while (PGnotify* note = PQnotifies(connection.native())) {
            const QString payload = QString::fromUtf8(note->extra);
            PQfreemem(note);
            QMetaObject::invokeMethod(this, [this, payload] { Q_EMIT notified(payload); }, Qt::QueuedConnection);
        }
    }
    logger.warning("lost the notifying database connection");
    QMetaObject::invokeMethod(this, [this] { Q_EMIT lost(); }, Qt::QueuedConnection);
    return !m_stopping;
}

} // namespace clawloops::store
