// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "client/api_failure.h"
#include "client/event_parser.h"

#include <QDateTime>
#include <QObject>
#include <QPointer>
#include <QTimer>

class QNetworkReply;

namespace clawloops::gui {

class ApiClient;

// The appliance's live events, for as long as it is open:
//
// | state      | means                                        | leaves it                                          |
// | Closed     | not asked for                                | open()                                             |
// | Connecting | first connection under way                   | bytes → Live; failure → Stale or Refused           |
// | Live       | events or pings came within 40 s             | loss, silence → Stale                              |
// | Stale      | no contact since lastContact(); trying again | bytes → Live; refusal → Refused                    |
// | Refused    | signed out, on hold, or another certificate  | open() after the cause is gone                     |
//
// Tries again after 0.5 s, doubling to 10 s. The server sends a snapshot first on every connection. One thread.
class EventStream : public QObject {
    Q_OBJECT
public:
    enum class State { Closed, Connecting, Live, Stale, Refused };

    explicit EventStream(ApiClient& client, QObject* parent = nullptr);
    ~EventStream() override;

    void open();
    void close();
    void retryNow(); // a person pressed "Try now"
    [[nodiscard]] State state() const { return m_state; }
    [[nodiscard]] QDateTime lastContact() const { return m_lastContact; }
    [[nodiscard]] const ApiFailure& failure() const { return m_failure; } // while Stale or Refused
    void setSilenceLimit(int milliseconds) { m_silence.setInterval(milliseconds); }
    void setFirstRetry(int milliseconds) { m_firstRetryMs = milliseconds; }

Q_SIGNALS:
    void stateChanged();
    void event(const QByteArray& type, const boost::json::object& data);

private:
    void connectNow();
    void read();
    void ended();
    void setState(State state);
    void scheduleRetry();

    ApiClient& m_client;
    QPointer<QNetworkReply> m_reply;
    std::shared_ptr<class HandshakeGuard> m_handshake;
    EventParser m_parser;
    QTimer m_retry;
    QTimer m_silence;
    int m_firstRetryMs = 500;
    int m_retryMs = 500;
    State m_state = State::Closed;
    QDateTime m_lastContact;
    ApiFailure m_failure;
};

} // namespace clawloops::gui
