// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/usage/period_dialog.h"

#include "widgets/theme.h"

#include <QDateEdit>

namespace clawloops::gui {

PeriodDialog::PeriodDialog(const UsagePeriod& period, QWidget* parent)
    : FormDialog(tr("Which days"), tr("Both days are counted. A day begins and ends at midnight UTC."), tr("Show"), parent), m_from(new QDateEdit(period.from, this)),
      m_to(new QDateEdit(period.to, this)) {
    for (QDateEdit* edit : {m_from, m_to}) {
        edit->setCalendarPopup(true);
        edit->setDisplayFormat(QStringLiteral("yyyy-MM-dd"));
        edit->setMaximumDate(UsagePeriod::today());
        edit->setMinimumHeight(Theme::px(28));
        connect(edit, &QDateEdit::dateChanged, this, &PeriodDialog::check);
    }
    m_from->setObjectName(QStringLiteral("from"));
    m_to->setObjectName(QStringLiteral("to"));
    addField(tr("&From"), m_from);
    addField(tr("&To"), m_to);
}

void PeriodDialog::check() {
    const bool good = m_from->date() <= m_to->date();
    setReady(good);
    setProblem(good ? QString() : tr("The first day is after the last one."));
}

void PeriodDialog::submit() {
    Q_EMIT chosen({m_from->date(), m_to->date()});
    accept();
}

} // namespace clawloops::gui
