// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "api/session_cutter.h"

#include "base/log.h"
#include "wire/relay_verbs.h"

#include <set>

namespace clawloops::api {

namespace {
constexpr Log log("cutter");

void ask(ControlClient& client, json::object what, QObject* guard) {
    client.call("cut", std::move(what), guard, [](const Result<json::object>& done) {
        if (!done) // swept when it is connected again
            log.warning("open connections could not be cut now", {}, {{"problem", done.error().message}});
    });
}
} // namespace

SessionCutter::SessionCutter(identity::SessionIndex& sessions, ControlClient& relay, ControlClient& gateway, QObject* parent)
    : QObject(parent)
    , m_sessions(sessions)
    , m_relay(relay)
    , m_gateway(gateway) {
    connect(&sessions, &identity::SessionIndex::sessionsEnded, this, &SessionCutter::cut);
    connect(&relay, &ControlClient::connected, this, &SessionCutter::sweep);
    connect(&sessions, &identity::SessionIndex::opened, this, &SessionCutter::sweep);
}

void SessionCutter::cut(const QStringList& hashes, const QString& userId) {
    for (const QString& hash : hashes)
        ask(m_relay, {{"session", hash.toStdString()}}, this);
    const auto user = m_sessions.user(userId.toStdString());
    if (!user || !user->isDisabled())
        return;
    ask(m_relay, {{"user", user->username}}, this);
    ask(m_gateway, {{"user", user->id}}, this);
}

void SessionCutter::sweep() {
    if (!m_relay.isConnected() || !m_sessions.isOpen())
        return;
    m_relay.call("connections", {}, this, [this](const Result<json::object>& answer) {
        if (!answer)
            return;
        const auto open = relay_verbs::connectionsFromJson(*answer);
        if (!open)
            return log.warning("the relay's connections cannot be read", {}, {{"problem", open.error().message}});
        std::set<std::string> asked;
        for (const relay_verbs::Connection& connection : open->connections)
            if (m_sessions.liveness(connection.session) == identity::SessionIndex::Verdict::Unknown &&
                asked.insert(connection.session).second)
                ask(m_relay, {{"session", connection.session}}, this);
    });
}

} // namespace clawloops::api
