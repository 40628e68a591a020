// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/usage/budget_panel.h"

#include "models/json_list.h"
#include "models/usage_period.h"
#include "pages/usage/raise_dialog.h"
#include "widgets/fetched_view.h"
#include "widgets/live_table.h"
#include "widgets/section_title.h"
#include "widgets/theme.h"

#include <QAction>
#include <QVBoxLayout>

namespace clawloops::gui {

BudgetPanel::BudgetPanel(LiveData& live, ApiClient& client, QWidget* parent)
    : ListPanel(live, client, tr("Budgets"), QStringLiteral("/admin/budgets"), parent), m_rows([this](const Budget& one) { return nameOf(one); }),
      m_raise(new QAction(tr("Raise for today…"), this)) {
    m_raise->setToolTip(tr("Lets the selected budget have more until midnight UTC"));
    connect(m_raise, &QAction::triggered, this, &BudgetPanel::raise);
    Parts parts;
    parts.title = tr("Budgets");
    parts.events = {"budget", "usage"};
    parts.widths = {110, 150, 92, 104, 104, 140, 92};
    parts.stretched = BudgetsTable::Name;
    parts.optional = {BudgetsTable::Resets, BudgetsTable::Spent, BudgetsTable::For};
    parts.muted = {BudgetsTable::For, BudgetsTable::Resets};
    parts.emptyTitle = tr("No budget");
    parts.emptySentence = tr("Nobody's use is limited by money or tokens. A budget limits a person, a group, a model or everybody.");
    build(m_rows, parts, {m_raise});
}

Status BudgetPanel::take(const json::object& answer) {
    auto all = readItems<Budget>(answer, "list of budgets");
    if (!all)
        return all.error();
    m_rows.merge(std::move(*all));
    return {};
}

QString BudgetPanel::nameOf(const Budget& budget) const {
    if (budget.scope == QLatin1String("person")) {
        const PersonRow* row = live().people.find(budget.subject);
        return row ? fromWire(row->username()) : budget.subject;
    }
    return budget.subject;
}

void BudgetPanel::follow() { m_raise->setEnabled(isLive() && selected()); }

void BudgetPanel::raise() {
    const Budget* budget = selected();
    if (!budget)
        return;
    auto* dialog = new RaiseDialog(client(), *budget, m_rows.forText(*budget), window());
    connect(dialog, &RaiseDialog::raised, this, [this, name = budget->name] {
        Q_EMIT done(tr("The budget %1 is raised until midnight UTC.").arg(name));
        fetch().again();
    });
    dialog->open();
}

InspectorContent BudgetPanel::inspected() const {
    const Budget* budget = selected();
    if (!budget)
        return {};
    const qint64 limit = budget->limitOn(UsagePeriod::today());
    const Share share = Share::of(budget->spent, budget->reserved, limit);
    InspectorContent out;
    out.kind = tr("Budget");
    out.title = budget->name.isEmpty() ? budget->id : budget->name;
    out.state = share.isGone()         ? StateView{StateKind::Error, tr("used up"), tr("Requests that it counts are refused until it starts anew, or is raised."), {}}
                : share.isNearlyGone() ? StateView{StateKind::Attention, tr("nearly used up"), {}, {}}
                                       : StateView{StateKind::Running, tr("enough left"), {}, {}};
    out.facts = {{tr("For"), m_rows.forText(*budget)},
                 {tr("Limit"), tr("%1 %2").arg(budget->amount(budget->limit), budget->windowText())},
                 {tr("Spent"), budget->amount(budget->spent)},
                 {tr("Reserved"), tr("%1, by requests under way").arg(budget->amount(budget->reserved))},
                 {tr("Starts anew"), momentText(timeFromWire(budget->resetsAt.toStdString()))},
                 {tr("Id"), budget->id}};
    if (limit != budget->limit)
        out.facts.insert(2, {tr("Today"), tr("%1, raised by %2").arg(budget->amount(limit), budget->amount(budget->raisedBy))});
    return out;
}

} // namespace clawloops::gui
