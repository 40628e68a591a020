// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/usage/raise_dialog.h"

#include "models/money.h"

#include <QLineEdit>

namespace clawloops::gui {

RaiseDialog::RaiseDialog(ApiClient& client, const Budget& budget, const QString& whose, QWidget* parent)
    : FormDialog(tr("Raise \"%1\" for today").arg(budget.name.isEmpty() ? budget.id : budget.name), {}, tr("Raise"), parent), m_client(client), m_budget(budget),
      m_by(new QLineEdit(this)) {
    setExplanation(tr("For %1. It counts today (UTC) only; from tomorrow on the limit is %2 %3 again.").arg(whose, budget.amount(budget.limit), budget.windowText()));
    m_by->setObjectName(QStringLiteral("by"));
    const bool money = budget.unit == QLatin1String("money");
    m_by->setPlaceholderText(money ? QStringLiteral("5.00") : QStringLiteral("200 k"));
    addField(money ? tr("&By, in dollars") : tr("&By, in tokens"), m_by);
    connect(m_by, &QLineEdit::textChanged, this, &RaiseDialog::check);
    setReady(false);
    m_by->setFocus();
}

std::optional<qint64> RaiseDialog::amount() const {
    const auto value = m_budget.unit == QLatin1String("money") ? nanosFromText(m_by->text()) : countFromText(m_by->text());
    return value && *value > 0 ? value : std::nullopt;
}

void RaiseDialog::check() {
    const auto by = amount();
    setReady(by.has_value());
    const bool begun = !m_by->text().trimmed().isEmpty();
    const bool money = m_budget.unit == QLatin1String("money");
    setProblem(by || !begun ? QString() : money ? tr("Write dollars with a point: 5 or 5.50.") : tr("Write a number of tokens: 200000, 200 k or 1.5 M."));
}

void RaiseDialog::submit() {
    const auto by = amount();
    if (!by)
        return;
    begin(tr("Raising"));
    m_client.post(QStringLiteral("/admin/budgets/%1/raise").arg(m_budget.id), {{"by", *by}}, this, [this](const ApiResult& result) {
        if (std::holds_alternative<json::object>(result))
            Q_EMIT raised();
        end(result);
    });
}

} // namespace clawloops::gui
