// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/holds_table.h"

#include "models/money.h"

namespace clawloops::gui {

StateView describe(const wire::Hold& hold) {
    const QDateTime since = timeFromWire(hold.since);
    if (hold.state == "frozen")
        return {StateKind::Frozen, QStringLiteral("frozen"), fromWire(hold.sentence), since};
    if (hold.state == "held")
        return {StateKind::Error, QStringLiteral("held"), fromWire(hold.sentence), since};
    return {StateKind::Attention, QStringLiteral("slowed"), fromWire(hold.sentence), since};
}

QString numbersText(const json::object& numbers) {
    QStringList out;
    for (const auto& member : numbers) {
        QString name = QString::fromUtf8(member.key().data(), qsizetype(member.key().size()));
        for (qsizetype at = name.size() - 1; at > 0; --at) // "withinSeconds": "within seconds"
            if (name[at].isUpper()) {
                name[at] = name[at].toLower();
                name.insert(at, u' ');
            }
        QString value;
        if (member.value().is_int64())
            value = name.endsWith(QLatin1String("nanos")) ? exactMoneyText(member.value().get_int64()) : exactCountText(member.value().get_int64());
        else if (member.value().is_string())
            value = fromWire(std::string(member.value().get_string()));
        else
            value = fromWire(json::serialize(member.value()));
        if (name.endsWith(QLatin1String(" nanos")))
            name.chop(6);
        out += name + u' ' + value;
    }
    return out.join(QStringLiteral(", "));
}

void HoldsTable::set(wire::Holds holds) {
    m_all = fromWire(holds.all);
    merge(std::move(holds.items));
    Q_EMIT held();
}

int HoldsTable::attention() const {
    int count = 0;
    for (const wire::Hold& one : rows())
        count += one.state == "held" ? 1 : 0;
    return count;
}

QString HoldsTable::text(const wire::Hold& row, int column) {
    switch (column) {
    case Person: return fromWire(row.username);
    case State: return describe(row).word;
    case Rule: return row.state == "frozen" ? tr("by an admin") : fromWire(row.rule).replace(u'_', u' ');
    case Since: return sinceText(timeFromWire(row.since));
    case Why: return fromWire(row.sentence);
    default: return {};
    }
}

QVariant HoldsTable::data(const QModelIndex& index, int role) const {
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const wire::Hold& item = row(index.row());
    const int column = index.column();
    switch (role) {
    case Qt::DisplayRole: return text(item, column);
    case KeyRole: return rowKey(item);
    case SearchRole: return QVariant(fromWire(item.username) + u' ' + fromWire(item.state) + u' ' + fromWire(item.sentence));
    case RowStateRole: return QVariant::fromValue(describe(item));
    case StateRole: return column == State ? QVariant::fromValue(describe(item)) : QVariant();
    case SortRole:
        if (column == State)
            return severity(describe(item).kind);
        return column == Since ? QVariant(timeFromWire(item.since)) : QVariant(text(item, column));
    case Qt::TextAlignmentRole: return int((column == Since ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    case Qt::ToolTipRole: return column == Since ? momentText(timeFromWire(item.since)) : column == Why ? fromWire(item.sentence) : QString();
    default: return {};
    }
}

QVariant HoldsTable::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return int((section == Since ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    if (role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Person: return tr("Person");
    case State: return tr("State");
    case Rule: return tr("Rule");
    case Since: return tr("Since");
    case Why: return tr("Why");
    default: return {};
    }
}

} // namespace clawloops::gui
