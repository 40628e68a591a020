// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/budgets_table.h"

#include "models/state_view.h"
#include "models/usage_period.h"

namespace clawloops::gui {

namespace {

bool isFigure(int column) { return column == BudgetsTable::Spent || column == BudgetsTable::Left || column == BudgetsTable::Limit; }

} // namespace

BudgetsTable::BudgetsTable(std::function<QString(const Budget&)> nameOf, QObject* parent) : KeyedTable(parent), m_nameOf(std::move(nameOf)) {}

QString BudgetsTable::forText(const Budget& row) const {
    if (row.scope == QLatin1String("all"))
        return tr("everybody");
    if (!row.subject.isEmpty())
        return m_nameOf(row);
    const QString each = row.scope == QLatin1String("route") ? tr("each model") : row.scope == QLatin1String("group") ? tr("each group") : tr("each person");
    return row.spender.isEmpty() ? each : tr("%1, most: %2").arg(each, row.spender); // whose the figures are
}

QString BudgetsTable::text(const Budget& row, int column) const {
    const qint64 limit = row.limitOn(UsagePeriod::today());
    switch (column) {
    case Name: return row.name.isEmpty() ? row.id : row.name;
    case For: return forText(row);
    case Bar: return tr("%1 % gone").arg(int(Share::of(row.spent, row.reserved, limit).spent * 100));
    case Spent: return row.amount(row.spent);
    case Left: return row.spent + row.reserved >= limit ? tr("nothing") : row.amount(limit - row.spent - row.reserved);
    case Limit: return tr("%1 %2").arg(row.amount(limit), limit == row.limit ? row.windowText() : tr("today"));
    case Resets: {
        const QDateTime resets = timeFromWire(row.resetsAt.toStdString());
        return resets.isValid() ? tr("in %1").arg(spanText(QDateTime::currentDateTime().secsTo(resets))) : QString();
    }
    default: return {};
    }
}

QVariant BudgetsTable::data(const QModelIndex& index, int role) const {
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const Budget& item = row(index.row());
    const int column = index.column();
    const qint64 limit = item.limitOn(UsagePeriod::today());
    switch (role) {
    case Qt::DisplayRole: return text(item, column);
    case KeyRole: return rowKey(item);
    case SearchRole: return QVariant(item.name + u' ' + forText(item));
    case ShareRole: return column == Bar ? QVariant::fromValue(Share::of(item.spent, item.reserved, limit)) : QVariant();
    case SortRole:
        switch (column) {
        case Bar:
        case Left: return limit <= 0 ? -1.0 : 1.0 - double(item.spent + item.reserved) / double(limit);
        case Spent: return item.spent;
        case Limit: return limit;
        case Resets: return timeFromWire(item.resetsAt.toStdString());
        default: return text(item, column);
        }
    case Qt::TextAlignmentRole: return int((isFigure(column) ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    case Qt::ToolTipRole:
        if (column == Resets)
            return momentText(timeFromWire(item.resetsAt.toStdString()));
        if (column == Limit && limit != item.limit)
            return tr("%1 %2, and %3 more today").arg(item.amount(item.limit), item.windowText(), item.amount(item.raisedBy));
        if (column == Bar || column == Spent || column == Left)
            return tr("%1 spent, %2 reserved by requests under way, of %3").arg(item.amount(item.spent), item.amount(item.reserved), item.amount(limit));
        return {};
    default: return {};
    }
}

QVariant BudgetsTable::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return int((isFigure(section) ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    if (role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Name: return tr("Budget");
    case For: return tr("For");
    case Bar: return tr("Gone");
    case Spent: return tr("Spent");
    case Left: return tr("Left");
    case Limit: return tr("Limit");
    case Resets: return tr("Starts anew");
    default: return {};
    }
}

} // namespace clawloops::gui
