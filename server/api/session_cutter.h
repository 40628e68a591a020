// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "identity/session_index.h"
#include "link/control_client.h"

#include <QObject>

namespace clawloops::api {

// Ends what is open under a session that is over: WebSockets and requests at the relay, and a disabled person's model requests
// at the gateway. A relay that was away when a session ended is asked for its connections when it is back. One thread.
class SessionCutter : public QObject {
    Q_OBJECT
public:
    SessionCutter(identity::SessionIndex& sessions, ControlClient& relay, ControlClient& gateway, QObject* parent = nullptr);

private:
    void cut(const QStringList& hashes, const QString& userId);
    void sweep();
    identity::SessionIndex& m_sessions;
    ControlClient& m_relay;
    ControlClient& m_gateway;
};

} // namespace clawloops::api
