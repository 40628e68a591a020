// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "client/api_client.h"

#include <QDialog>

class QComboBox;
class QLabel;
class QLineEdit;
class QPushButton;

namespace clawloops::gui {

// Asks for a name and a role, makes the invitation, then shows its link: the only time that anybody sees it.
class InviteDialog : public QDialog {
    Q_OBJECT
public:
    explicit InviteDialog(ApiClient& client, QWidget* parent = nullptr);
    void resend(const QString& invitationId); // skip the questions: a new link for an invitation that is there

private:
    void send();
    void check();
    void grow(); // to what the words need now
    void showLink(const ApiResult& result);

    ApiClient& m_client;
    QLabel* m_title;
    QLabel* m_explanation;
    QLabel* m_nameLabel;
    QLineEdit* m_name;
    QLabel* m_roleLabel;
    QComboBox* m_role;
    QLineEdit* m_link;
    QLabel* m_problem;
    QPushButton* m_cancel;
    QPushButton* m_main;
};

} // namespace clawloops::gui
