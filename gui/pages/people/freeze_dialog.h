// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "client/api_client.h"
#include "widgets/form_dialog.h"

class QLineEdit;

namespace clawloops::gui {

// Freezes one person, or everybody: asks for the sentence that they then read in the place of every answer.
class FreezeDialog : public FormDialog {
    Q_OBJECT
public:
    FreezeDialog(ApiClient& client, const QString& userId, const QString& name, QWidget* parent); // no id: everybody

Q_SIGNALS:
    void frozen(const clawloops::json::object& holds);

protected:
    void submit() override;

private:
    ApiClient& m_client;
    QString m_userId;
    QLineEdit* m_sentence;
};

} // namespace clawloops::gui
