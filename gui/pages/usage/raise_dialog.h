// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "client/api_client.h"
#include "models/budget.h"
#include "widgets/form_dialog.h"

class QLineEdit;

namespace clawloops::gui {

// Raises a budget for the rest of today (UTC).
class RaiseDialog : public FormDialog {
    Q_OBJECT
public:
    RaiseDialog(ApiClient& client, const Budget& budget, const QString& whose, QWidget* parent);

Q_SIGNALS:
    void raised();

protected:
    void submit() override;

private:
    void check();
    [[nodiscard]] std::optional<qint64> amount() const;
    ApiClient& m_client;
    Budget m_budget;
    QLineEdit* m_by;
};

} // namespace clawloops::gui
