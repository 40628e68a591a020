// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "client/secure_request.h"

#include <QNetworkAccessManager>
#include <QObject>
#include <functional>

namespace clawloops::gui {

// Calls to one appliance's API (paths below /api/v1). Asynchronous: the callback runs once, on this thread, unless its guard
// has died before. A call ends by itself after 30 s. Changing the connection drops what is under way, and its callbacks.
class ApiClient : public QObject {
    Q_OBJECT
public:
    using Callback = std::function<void(ApiResult)>;

    explicit ApiClient(QObject* parent = nullptr);

    void setConnection(Connection connection);
    [[nodiscard]] const Connection& connection() const { return m_connection; }

    void get(const QString& path, QObject* guard, Callback callback) { send("GET", path, nullptr, guard, std::move(callback)); }
    void post(const QString& path, const json::object& body, QObject* guard, Callback callback) {
        send("POST", path, &body, guard, std::move(callback));
    }
    void patch(const QString& path, const json::object& body, QObject* guard, Callback callback) {
        send("PATCH", path, &body, guard, std::move(callback));
    }
    void put(const QString& path, const json::object& body, QObject* guard, Callback callback) {
        send("PUT", path, &body, guard, std::move(callback));
    }
    void remove(const QString& path, QObject* guard, Callback callback) { send("DELETE", path, nullptr, guard, std::move(callback)); }
    // What is no JSON, as it is: CSV.
    void text(const QString& path, QObject* guard, std::function<void(std::variant<QByteArray, ApiFailure>)> callback);

    // For the event stream: the same pool, pins and token.
    [[nodiscard]] QNetworkAccessManager* network() const { return m_network; }

Q_SIGNALS:
    void signedOut(const QString& sentence); // the server no longer knows the session

private:
    struct Answer {
        QByteArray body;
        QString requestId;
    };
    void send(const QByteArray& verb, const QString& path, const json::object* body, QObject* guard, Callback callback);
    void exchange(const QByteArray& verb, const QString& path, const json::object* body, QObject* guard,
                  std::function<void(std::variant<Answer, ApiFailure>)> callback);

    Connection m_connection;
    QNetworkAccessManager* m_network = nullptr;
};

} // namespace clawloops::gui
