// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "client/api_client.h"
#include "client/event_stream.h"
#include "client/pin_store.h"
#include "client/token_store.h"
#include "wire/api_types.h"

#include <QObject>
#include <optional>

namespace clawloops::gui {

// Being signed in to one appliance as one person: the connection, the pin, the kept token, the live events.
//
// | step                 | outcome                                                                                   |
// | begin(server)        | a kept token → resumes; none → signInNeeded                                               |
// | signIn(name, secret) | signedIn; or failed (wrong password…); or certificateQuestion, and nothing has been sent    |
// | acceptCertificate()  | the pin is kept, the interrupted step is taken up again                                   |
// | signOut()            | the session is ended at the server, the token removed → signInNeeded                      |
class Session : public QObject {
    Q_OBJECT
public:
    struct Files {
        QString pins;
        QString tokenDirectory; // empty: TokenStore::defaultPath
    };
    explicit Session(Files files, QObject* parent = nullptr);

    void begin(const ServerAddress& server);
    [[nodiscard]] Status choose(const ServerAddress& server); // this server from now on, without asking it anything
    void signIn(const QString& username, const Secret& password);
    void acceptCertificate(const QByteArray& sha256);
    void signOut();

    [[nodiscard]] ApiClient& client() { return m_client; }
    [[nodiscard]] EventStream& events() { return m_events; }
    [[nodiscard]] const ServerAddress& server() const { return m_client.connection().server; }
    [[nodiscard]] const std::optional<wire::User>& user() const { return m_user; }

Q_SIGNALS:
    void signInNeeded(const QString& sentence); // the sentence may be empty
    void signedIn();
    void failed(const clawloops::gui::ApiFailure& failure);
    void certificateQuestion(const clawloops::gui::ApiFailure& failure); // unknown, or changed: failure.kind

private:
    void use(Secret token);
    void resume();
    void fail(const ApiFailure& failure, std::function<void()> again);
    [[nodiscard]] TokenStore tokens() const;

    Files m_files;
    PinStore m_pins;
    ApiClient m_client;
    EventStream m_events;
    std::optional<wire::User> m_user;
    std::function<void()> m_again; // what a certificate question interrupted
};

} // namespace clawloops::gui
