// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/json.h"
#include "base/result.h"

#include <QObject>
#include <QString>

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <sys/types.h>

class QLocalServer;
class QLocalSocket;

namespace clawloops {

// The server side of a control socket (resources/docs/internals.md) on the Qt event loop of its thread. A peer whose uid is not
// allowed is disconnected before a byte is read. A handler answers once, at once or later, from the same thread; an answer
// for a client that left is dropped. More than 64 connections or a line over 16 MiB close the connection.
class ControlServer : public QObject {
    Q_OBJECT
public:
    using Answer = std::function<void(Result<json::object>)>;
    // `args` live only during the call.
    using Handler = std::function<void(const json::object& args, const std::string& rid, Answer answer)>;

    explicit ControlServer(QObject* parent = nullptr);
    ~ControlServer() override;

    void handle(const std::string& verb, Handler handler);
    // Root and the process's own uid may always connect; `allowed` adds others. Removes a stale socket file; an answering one
    // is an error. The directory must exist. The file gets `mode` and, when `group` is not -1, that group.
    [[nodiscard]] Status listen(const QString& path, std::set<uid_t> allowed, mode_t mode = 0600, gid_t group = gid_t(-1));
    void broadcast(const std::string& event, const json::object& data);
    void close();

private:
    class Connection;
    void accept();

    QLocalServer* m_server = nullptr;
    std::set<uid_t> m_allowed;
    std::map<std::string, Handler> m_handlers;
    std::set<Connection*> m_connections;
};

} // namespace clawloops
