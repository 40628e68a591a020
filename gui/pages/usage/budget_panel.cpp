// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/usage/budget_panel.h"

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
    : QWidget(parent), m_data(live), m_client(client), m_rows([this](const Budget& one) { return nameOf(one); }),
      m_fetch(client, tr("Budgets"), [this](const json::object& answer) { return take(answer); }, this), m_raise(new QAction(tr("Raise for today…"), this)) {
    m_filter.setSourceModel(&m_rows);
    m_table = new LiveTable(m_filter, this);
    m_table->setAccessibleName(tr("Budgets"));
    m_table->setColumns({126, 120, 100, 104, 104, 148, 96}, BudgetsTable::Name);
    m_table->setOptional({BudgetsTable::Resets, BudgetsTable::Spent, BudgetsTable::For});
    m_table->setMuted({BudgetsTable::For, BudgetsTable::Resets});
    m_view = new FetchedView(m_fetch, m_table, this);
    m_view->setEmpty(tr("No budget"), tr("Nobody's use is limited by money or tokens. A budget limits a person, a group, a model or everybody."),
                     [this] { return m_rows.rowCount() == 0; });
    m_actions = {m_raise};
    m_raise->setToolTip(tr("Lets the selected budget have more until midnight UTC"));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(new SectionTitle(tr("Budgets"), m_actions, this));
    column->addWidget(m_view, 1);
    m_table->setMenu(m_actions);
    connect(m_raise, &QAction::triggered, this, &BudgetPanel::raise);
    connect(m_table, &LiveTable::selectionMoved, this, [this] {
        follow();
        Q_EMIT selectionMoved();
    });
    connect(&live, &LiveData::told, this, [this](const QByteArray& type) {
        if (type == "budget" || type == "usage")
            m_fetch.soon();
    });
    follow();
}

void BudgetPanel::ask() { m_fetch.ask(QStringLiteral("/admin/budgets")); }

void BudgetPanel::forget() {
    m_fetch.forget();
    m_rows.merge({});
}

void BudgetPanel::setLive(bool live) {
    m_live = live;
    follow();
}

void BudgetPanel::setDimmed(bool dimmed) { m_table->setDimmed(dimmed); }

Status BudgetPanel::take(const json::object& answer) {
    auto all = Budget::readAll(answer);
    if (!all)
        return all.error();
    m_rows.merge(std::move(*all));
    Q_EMIT selectionMoved();
    return {};
}

QString BudgetPanel::nameOf(const Budget& budget) const {
    if (budget.scope == QLatin1String("person")) {
        const PersonRow* row = m_data.people.find(budget.subject);
        return row ? fromWire(row->username()) : budget.subject;
    }
    return budget.subject;
}

const Budget* BudgetPanel::only() const {
    const QStringList keys = m_table->selectedKeys();
    return keys.size() == 1 ? m_rows.find(keys.first()) : nullptr;
}

void BudgetPanel::follow() { m_raise->setEnabled(m_live && only()); }

void BudgetPanel::raise() {
    const Budget* budget = only();
    if (!budget)
        return;
    auto* dialog = new RaiseDialog(m_client, *budget, m_rows.forText(*budget), window());
    connect(dialog, &RaiseDialog::raised, this, [this, name = budget->name] {
        Q_EMIT done(tr("The budget %1 is raised until midnight UTC.").arg(name));
        m_fetch.again();
    });
    dialog->open();
}

InspectorContent BudgetPanel::inspected() const {
    const Budget* budget = only();
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
