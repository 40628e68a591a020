// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "client/api_client.h"
#include "models/live_data.h"
#include "widgets/form_dialog.h"
#include "wire/gateway_configuration.h"

class QComboBox;
class QSpinBox;

namespace clawloops::gui {

// One limit: for whom, and how much a minute. What it makes is handed on; who opened it keeps the whole list.
class LimitDialog : public FormDialog {
    Q_OBJECT
public:
    LimitDialog(const LiveData& live, const gateway_verbs::Limit& limit, bool isNew, QWidget* parent);

Q_SIGNALS:
    void chosen(const clawloops::gateway_verbs::Limit& limit);

protected:
    void submit() override;

private:
    void fillSubjects();
    void check();
    const LiveData& m_data;
    QString m_subjectWanted;
    QComboBox* m_scope;
    QComboBox* m_subject;
    QSpinBox* m_requests;
    QSpinBox* m_tokens;
    QSpinBox* m_streams;
};

} // namespace clawloops::gui
