// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/json.h"
#include "base/result.h"
#include "wire/control.h"

#include <QObject>
#include <QString>
#include <QTimer>

#include <chrono>
#include <functional>
#include <map>
#include <string>

class QLocalSocket;

namespace clawloops {

// The client side of a control socket, on the Qt event loop of its thread. Connects by itself and again after a loss (100 ms,
// doubling to 2 s). A call made while disconnected fails at once with Unavailable, one that gets no answer in time too, and
// so do all that are under way when the connection is lost: whether the verb was carried out is then unknown, so verbs are
// idempotent.
class ControlClient : public QObject {
    Q_OBJECT
public:
    using Callback = std::function<void(Result<json::object>)>;

    // `name` is what a person reads: "The runtime manager is not reachable."
    ControlClient(QString path, std::string name, QObject* parent = nullptr);
    ~ControlClient() override;

    void open(); // start connecting; once
    [[nodiscard]] bool isConnected() const { return m_connected; }
    // The callback runs once, on this thread, unless `guard` (may be null: then this client) has died before.
    void call(const std::string& verb, json::object args, QObject* guard, Callback callback,
              std::chrono::milliseconds timeout = std::chrono::seconds(10), const std::string& rid = {});

Q_SIGNALS:
    void connected();
    void disconnected();
    void event(const QString& name, const boost::json::object& data);

private:
    struct Pending;
    void connectNow();
    void read();
    void lost();
    void answer(std::int64_t id, Result<json::object> outcome);

    QString m_path;
    std::string m_name;
    QLocalSocket* m_socket = nullptr;
    QTimer m_retry;
    int m_retryMs = 100;
    bool m_connected = false;
    std::int64_t m_nextId = 1;
    std::map<std::int64_t, Pending> m_pending;
    control::LineSplitter m_lines;
};

} // namespace clawloops
