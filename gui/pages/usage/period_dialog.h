// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/usage_period.h"
#include "widgets/form_dialog.h"

class QDateEdit;

namespace clawloops::gui {

// Two days, both counted.
class PeriodDialog : public FormDialog {
    Q_OBJECT
public:
    PeriodDialog(const UsagePeriod& period, QWidget* parent);

Q_SIGNALS:
    void chosen(const clawloops::gui::UsagePeriod& period);

protected:
    void submit() override;

private:
    void check();
    QDateEdit* m_from;
    QDateEdit* m_to;
};

} // namespace clawloops::gui
