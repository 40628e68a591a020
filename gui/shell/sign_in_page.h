// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/secret.h"
#include "client/server_address.h"

#include <QTimer>
#include <QWidget>

class QLabel;
class QLineEdit;
class QPushButton;

namespace clawloops::gui {

// Asks where, who and the password. Says what is being waited for, and why it did not work, in one place.
class SignInPage : public QWidget {
    Q_OBJECT
public:
    explicit SignInPage(QWidget* parent = nullptr);
    void setServer(const QString& text);
    void setUsername(const QString& name);
    void showReason(const QString& sentence); // before trying: why one has to sign in
    void showFailure(const QString& sentence, const QString& requestId = {});
    void setWaiting(const QString& forWhat); // empty: not waiting
    [[nodiscard]] QString message() const;
    void focusFirstEmpty();

Q_SIGNALS:
    void submitted(const clawloops::gui::ServerAddress& server, const QString& username, const clawloops::Secret& password);

private:
    void submit();
    void setMessage(const QString& text, bool bad);
    QLineEdit* m_server;
    QLineEdit* m_username;
    QLineEdit* m_password;
    QPushButton* m_button;
    QLabel* m_message;
    QString m_waitingFor;
    QTimer m_tick;
    int m_seconds = 0;
};

} // namespace clawloops::gui
