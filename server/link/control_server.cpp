// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "link/control_server.h"

#include "base/files.h"
#include "base/log.h"
#include "wire/control.h"

#include <QFile>
#include <QLocalServer>
#include <QLocalSocket>
#include <QPointer>

#include <cerrno>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

namespace clawloops {

namespace {
constexpr Log logger("link");
constexpr std::size_t mostConnections = 64;
constexpr qint64 mostUnsent = 8 << 20;

std::optional<uid_t> peerUid(qintptr descriptor) {
    ucred credentials{};
    socklen_t size = sizeof credentials;
    if (::getsockopt(static_cast<int>(descriptor), SOL_SOCKET, SO_PEERCRED, &credentials, &size) != 0)
        return std::nullopt;
    return credentials.uid;
}

// Whether something answers on the path: a second server must not steal the first one's socket.
bool answers(const std::string& path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path.copy(address.sun_path, sizeof address.sun_path - 1);
    const int fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    const bool connected = fd >= 0 && ::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
    ::close(fd);
    return connected;
}
}

class ControlServer::Connection : public QObject {
public:
    Connection(ControlServer* server, QLocalSocket* socket) : QObject(server), m_server(server), m_socket(socket) {
        socket->setParent(this);
        connect(socket, &QLocalSocket::readyRead, this, [this] { read(); });
        connect(socket, &QLocalSocket::disconnected, this, [this] { leave(); });
    }

    void send(const std::string& line) {
        // A peer that does not read must not grow us.
        if (m_socket->bytesToWrite() > mostUnsent) {
            m_socket->abort();
            return;
        }
        m_socket->write(line.data(), static_cast<qint64>(line.size()));
    }

    void read() {
        const QByteArray bytes = m_socket->readAll();
        if (!m_lines.push({bytes.constData(), static_cast<std::size_t>(bytes.size())})) {
            m_socket->abort();
            return;
        }
        while (auto line = m_lines.next())
            dispatch(*line);
    }

private:
    void leave() {
        m_server->m_connections.erase(this);
        deleteLater();
    }

    void dispatch(const std::string& line) {
        auto parsed = control::parseRequest(line);
        if (const auto* refused = std::get_if<control::RefusedRequest>(&parsed)) {
            send(control::encode(control::Reply{refused->id, refused->error}));
            return;
        }
        const auto& request = std::get<control::Request>(parsed);
        const auto handler = m_server->m_handlers.find(request.verb);
        if (handler == m_server->m_handlers.end()) {
            send(control::encode(control::Reply{
                request.id, Error{ErrorCode::NotFound, "There is no verb \"" + request.verb + "\" here.", {}}}));
            return;
        }
        const QPointer<Connection> self(this);
        handler->second(request.args, request.rid, [self, id = request.id](Result<json::object> outcome) {
            if (self)
                self->send(control::encode(control::Reply{id, std::move(outcome)}));
        });
    }

    ControlServer* m_server;
    QLocalSocket* m_socket;
    control::LineSplitter m_lines;
};

ControlServer::ControlServer(QObject* parent) : QObject(parent) {}
ControlServer::~ControlServer() { close(); }

void ControlServer::handle(const std::string& verb, Handler handler) { m_handlers[verb] = std::move(handler); }

Status ControlServer::listen(const QString& path, std::set<uid_t> allowed, mode_t mode, gid_t group) {
    const std::string file = QFile::encodeName(path).toStdString();
    sockaddr_un address{};
    if (file.size() >= sizeof address.sun_path)
        return Error{ErrorCode::InvalidRequest,
                     "The socket path " + file + " is longer than the system's 107 characters: set paths.run to a shorter folder.", {}};
    if (answers(file))
        return Error{ErrorCode::RuntimeActionConflict, "Another process already answers on " + file + ".", {}};
    ::unlink(file.c_str());
    m_allowed = std::move(allowed);
    m_allowed.insert({uid_t(0), ::geteuid()});
    address.sun_family = AF_UNIX;
    file.copy(address.sun_path, sizeof address.sun_path - 1);
    const int fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    // bind() makes the file under the umask: closed to everybody until chmod has said who may.
    const mode_t before = ::umask(0177);
    const bool bound = fd >= 0 && ::bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
    const int bindError = errno;
    ::umask(before);
    const bool owned = bound && (group == gid_t(-1) || ::chown(file.c_str(), uid_t(-1), group) == 0) &&
                       ::chmod(file.c_str(), mode) == 0 && ::listen(fd, 64) == 0;
    if (!owned) {
        const std::string reason = systemReason(bound ? errno : bindError);
        ::close(fd);
        return Error{ErrorCode::Internal, "Could not listen on " + file + ": " + reason + ".", {}};
    }
    m_server = new QLocalServer(this);
    m_server->setMaxPendingConnections(static_cast<int>(mostConnections));
    connect(m_server, &QLocalServer::newConnection, this, &ControlServer::accept);
    if (!m_server->listen(static_cast<qintptr>(fd))) {
        ::close(fd);
        return Error{ErrorCode::Internal, "Could not listen on " + file + ".", m_server->errorString().toStdString()};
    }
    return {};
}

void ControlServer::accept() {
    while (QLocalSocket* socket = m_server->nextPendingConnection()) {
        const auto uid = peerUid(socket->socketDescriptor());
        if (!uid || !m_allowed.contains(*uid) || m_connections.size() >= mostConnections) {
            logger.warning("refused a control connection", {}, {{"uid", uid ? static_cast<std::int64_t>(*uid) : -1}});
            socket->abort();
            socket->deleteLater();
            continue;
        }
        auto* connection = new Connection(this, socket);
        m_connections.insert(connection);
        connection->read();
    }
}

void ControlServer::broadcast(const std::string& event, const json::object& data) {
    const std::string line = control::encode(control::Event{event, data});
    const auto connections = m_connections; // send() may drop one
    for (Connection* connection : connections)
        connection->send(line);
}

void ControlServer::close() {
    if (m_server)
        m_server->close();
    const auto connections = std::move(m_connections);
    m_connections.clear();
    for (Connection* connection : connections)
        delete connection;
}

} // namespace clawloops
