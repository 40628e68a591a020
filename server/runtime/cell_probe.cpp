// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "runtime/cell_probe.h"

#include "base/files.h"
#include "runtime/descriptor.h"

#include <QLocalSocket>
#include <QPointer>
#include <QTimer>

#include <cerrno>
#include <sys/socket.h>
#include <sys/un.h>

namespace clawloops::runtime {

namespace {

constexpr std::size_t mostAnswer = 16u << 10;
constexpr int longestMs = 3000;
// OpenClaw refuses proxied requests that name no client, and a loopback one: a documentation address stands for us.
constexpr char question[] = "GET /readyz HTTP/1.1\r\nHost: clawloops.internal\r\nX-Forwarded-For: 192.0.2.1\r\n"
                            "X-Forwarded-Proto: https\r\nX-Openclaw-Scopes: operator.read\r\nConnection: close\r\n\r\n";

Probe notLive(std::string why) { return {false, false, std::move(why)}; }

class Asking : public QObject {
public:
    Asking(QObject* guard, std::function<void(Probe)> callback) : m_guard(guard), m_callback(std::move(callback)) {
        connect(&m_limit, &QTimer::timeout, this, [this] { finish(notLive("The cell did not answer within 3 s.")); });
        m_limit.setSingleShot(true);
        m_limit.start(longestMs);
    }

    void begin(Descriptor inSocket) {
        Descriptor socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        const std::string path = "/proc/self/fd/" + std::to_string(inSocket.get());
        path.copy(address.sun_path, sizeof address.sun_path - 1);
        if (!socket || ::connect(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
            finishLater(notLive("Nobody answers at the cell's door: " + systemReason(errno) + "."));
            return;
        }
        connect(&m_socket, &QLocalSocket::readyRead, this, [this] { read(false); });
        connect(&m_socket, &QLocalSocket::disconnected, this, [this] { read(true); });
        if (!m_socket.setSocketDescriptor(socket.release())) {
            finishLater(notLive("The cell's door could not be used."));
            return;
        }
        m_socket.write(question, sizeof question - 1);
    }

private:
    void read(bool closed) {
        const QByteArray more = m_socket.readAll();
        m_text.append(more.constData(), static_cast<std::size_t>(more.size()));
        closed = closed || m_text.size() > mostAnswer;
        if (auto probe = judgeProbeAnswer(m_text, closed))
            finish(std::move(*probe));
    }

    void finishLater(Probe probe) {
        QTimer::singleShot(0, this, [this, probe = std::move(probe)] { finish(probe); });
    }

    void finish(Probe probe) {
        m_limit.stop();
        m_socket.disconnect(this);
        m_socket.abort();
        if (m_guard && m_callback)
            std::exchange(m_callback, nullptr)(std::move(probe));
        deleteLater();
    }

    QPointer<QObject> m_guard;
    std::function<void(Probe)> m_callback;
    QLocalSocket m_socket;
    QTimer m_limit;
    std::string m_text;
};

}

std::optional<Probe> judgeProbeAnswer(std::string_view text, bool closed) {
    const auto line = text.find("\r\n");
    if (line == text.npos && !closed)
        return std::nullopt;
    const std::string_view first = text.substr(0, std::min(line, text.size()));
    if (!first.starts_with("HTTP/1.1 ") || first.size() < 12)
        return notLive(text.empty() ? "OpenClaw is not listening yet." : "What answered is not an HTTP server.");
    const std::string_view status = first.substr(9, 3);
    if (status == "200")
        return Probe{true, true, {}};
    if (status == "503")
        return Probe{true, false, "OpenClaw is up and still preparing."};
    std::string shown;
    for (const char c : status)
        shown += c >= '0' && c <= '9' ? c : '?';
    return Probe{true, false, "OpenClaw answered with status " + shown + "."};
}

void probeCell(int inSocket, QObject* guard, std::function<void(Probe)> callback) {
    (new Asking(guard, std::move(callback)))->begin(Descriptor(inSocket));
}

} // namespace clawloops::runtime
