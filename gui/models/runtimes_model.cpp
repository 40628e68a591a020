// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/runtimes_model.h"

namespace clawloops::gui {

namespace {

QVariant text(const RuntimeRow& row, const StateView& state, const UsageBook& usage, int column) {
    switch (column) {
    case RuntimesModel::Person: return row.name;
    case RuntimesModel::State: return state.word;
    case RuntimesModel::Since: return sinceText(state.since);
    case RuntimesModel::Doing: return state.sentence;
    case RuntimesModel::Tokens: return countText(tokens(usage.ofUser(row.userId)));
    case RuntimesModel::Cell: return fromWire(row.cellId);
    default: return {};
    }
}

} // namespace

RuntimesModel::RuntimesModel(const UsageBook& usage, QObject* parent) : KeyedTable(parent), m_usage(usage) {
    connect(&usage, &UsageBook::changed, this, [this] {
        if (rowCount() > 0)
            Q_EMIT dataChanged(index(0, Tokens), index(rowCount() - 1, Tokens));
    });
}

QVariant RuntimesModel::data(const QModelIndex& index, int role) const {
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const RuntimeRow& item = row(index.row());
    switch (role) {
    case Qt::DisplayRole: return text(item, describe(item), m_usage, index.column());
    case KeyRole: return rowKey(item);
    case SearchRole: return QVariant(fromWire(item.username) + u' ' + fromWire(item.cellId) + u' ' + describe(item).word);
    case RowStateRole: return QVariant::fromValue(describe(item));
    case StateRole: return index.column() == State ? QVariant::fromValue(describe(item)) : QVariant();
    case SortRole:
        if (index.column() == Person)
            return item.name;
        if (index.column() == State)
            return severity(describe(item).kind);
        if (index.column() == Since)
            return item.state.since;
        if (index.column() == Tokens)
            return QVariant::fromValue<qlonglong>(tokens(m_usage.ofUser(item.userId)));
        return text(item, describe(item), m_usage, index.column());
    case Qt::TextAlignmentRole:
        return int((index.column() == Tokens || index.column() == Since ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    case Qt::ToolTipRole:
        if (index.column() == Since || index.column() == State)
            return momentText(timeFromWire(item.status.since));
        if (index.column() == Doing)
            return describe(item).sentence;
        return {};
    default: return {};
    }
}

QVariant RuntimesModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return int((section == Tokens || section == Since ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    if (role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Person: return tr("Person");
    case State: return tr("State");
    case Since: return tr("Since");
    case Doing: return tr("What is going on");
    case Tokens: return tr("Tokens this month");
    case Cell: return tr("Cell");
    default: return {};
    }
}

const RuntimeRow* RuntimesModel::ofUser(const std::string& userId) const {
    for (const RuntimeRow& one : rows())
        if (one.userId == userId)
            return &one;
    return nullptr;
}

int RuntimesModel::attention() const {
    int count = 0;
    for (const RuntimeRow& one : rows())
        count += wantsAttention(describe(one).kind) ? 1 : 0;
    return count;
}

} // namespace clawloops::gui
