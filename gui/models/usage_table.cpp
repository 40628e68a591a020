// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/usage_table.h"

#include "models/money.h"

namespace clawloops::gui {

void UsageTable::set(const UsageReport& report) {
    if (m_by != report.by) {
        m_by = report.by;
        merge({}); // other things with other names: none of the old rows is one of the new
        Q_EMIT headerDataChanged(Qt::Horizontal, Name, Name);
    }
    merge(report.items);
}

QString UsageTable::text(const UsageRow& row, int column) {
    switch (column) {
    case Name: return row.title;
    case Requests: return exactCountText(row.requests);
    case Failed: return exactCountText(row.failed);
    case In: return exactCountText(row.promptTokens);
    case Cached: return exactCountText(row.cachedTokens);
    case Out: return exactCountText(row.completionTokens);
    case Cost: return (row.estimated > 0 ? QStringLiteral("≈ ") : QString()) + moneyText(row.costNanos);
    case Estimated: return row.estimated > 0 ? exactCountText(row.estimated) : QString();
    default: return {};
    }
}

QString UsageTable::hint(const UsageRow& row, int column) {
    switch (column) {
    case Name: return row.title == row.key ? QString() : row.key;
    case In: return tr("%1 of them cached").arg(exactCountText(row.cachedTokens));
    case Out: return row.reasoningTokens > 0 ? tr("%1 of them for reasoning").arg(exactCountText(row.reasoningTokens)) : QString();
    case Cost:
        return row.estimated > 0 ? tr("%1; of %2 requests nobody reported the tokens, they are estimated").arg(exactMoneyText(row.costNanos), exactCountText(row.estimated))
                                 : exactMoneyText(row.costNanos);
    case Estimated: return row.estimated > 0 ? tr("Requests of which nobody reported the tokens: they broke off, or their server counts none") : QString();
    default: return {};
    }
}

QVariant UsageTable::data(const QModelIndex& index, int role) const {
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const UsageRow& item = row(index.row());
    const int column = index.column();
    switch (role) {
    case Qt::DisplayRole: return text(item, column);
    case KeyRole: return item.key;
    case SearchRole: return QVariant(item.title + u' ' + item.key);
    case SortRole:
        switch (column) {
        case Requests: return item.requests;
        case Failed: return item.failed;
        case In: return item.promptTokens;
        case Cached: return item.cachedTokens;
        case Out: return item.completionTokens;
        case Cost: return item.costNanos;
        case Estimated: return item.estimated;
        default: return item.title;
        }
    case Qt::TextAlignmentRole: return int((column == Name ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignVCenter);
    case Qt::ToolTipRole: return hint(item, column);
    default: return {};
    }
}

QVariant UsageTable::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return int((section == Name ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignVCenter);
    if (role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Name:
        return m_by == QLatin1String("route")    ? tr("Model")
               : m_by == QLatin1String("day")    ? tr("Day (UTC)")
               : m_by == QLatin1String("target") ? tr("Target")
               : m_by == QLatin1String("key")    ? tr("Key")
                                                 : tr("Person");
    case Requests: return tr("Requests");
    case Failed: return tr("Failed");
    case In: return tr("Tokens in");
    case Cached: return tr("Cached");
    case Out: return tr("Tokens out");
    case Cost: return tr("Cost");
    case Estimated: return tr("Estimated");
    default: return {};
    }
}

} // namespace clawloops::gui
