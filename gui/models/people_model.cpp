// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/people_model.h"

namespace clawloops::gui {

StateView describe(const PersonRow& row) { return row.user ? describe(*row.user) : describe(*row.invitation); }

StateView PeopleModel::stateOf(const PersonRow& row) const {
    const StateView own = describe(row);
    if (!row.user || row.user->isDisabled)
        return own;
    if (const wire::Hold* hold = m_holds.find(fromWire(row.user->userId)))
        return describe(*hold);
    if (!m_holds.all().isEmpty())
        return {StateKind::Frozen, tr("frozen"), tr("Everybody is: %1").arg(m_holds.all()), {}};
    return own;
}

PeopleModel::PeopleModel(const RuntimesModel& runtimes, const UsageBook& usage, const HoldsTable& holds, QObject* parent)
    : KeyedTable(parent), m_runtimes(runtimes), m_usage(usage), m_holds(holds) {
    const auto columnChanged = [this](int column) {
        if (rowCount() > 0)
            Q_EMIT dataChanged(index(0, column), index(rowCount() - 1, column));
    };
    connect(&holds, &HoldsTable::held, this, [columnChanged] { columnChanged(State); });
    connect(&usage, &UsageBook::changed, this, [columnChanged] { columnChanged(Tokens); });
    const auto runtimesChanged = [this](int first, int last) {
        for (int i = first; i <= last; ++i) {
            const RuntimeRow& runtime = m_runtimes.row(i);
            const QString user = fromWire(runtime.userId);
            m_runtimeOf.insert(user, rowKey(runtime));
            if (const int at = indexOf(user); at >= 0)
                Q_EMIT dataChanged(index(at, Workspace), index(at, Workspace));
        }
    };
    connect(&runtimes, &QAbstractItemModel::dataChanged, this,
            [runtimesChanged, columnChanged](const QModelIndex& from, const QModelIndex& to) {
                if (from.column() == RuntimesModel::Tokens)
                    return;
                if (to.row() - from.row() > 50) {
                    runtimesChanged(from.row(), to.row());
                    return columnChanged(Workspace);
                }
                runtimesChanged(from.row(), to.row());
            });
    connect(&runtimes, &QAbstractItemModel::rowsInserted, this,
            [runtimesChanged](const QModelIndex&, int first, int last) { runtimesChanged(first, last); });
    connect(&runtimes, &QAbstractItemModel::rowsRemoved, this, [columnChanged] { columnChanged(Workspace); });
}

std::optional<StateView> PeopleModel::workspace(const PersonRow& row) const {
    if (!row.user)
        return std::nullopt;
    const RuntimeRow* runtime = m_runtimes.find(m_runtimeOf.value(fromWire(row.user->userId)));
    return runtime ? std::optional(describe(*runtime)) : std::nullopt;
}

QVariant PeopleModel::text(const PersonRow& row, int column) const {
    switch (column) {
    case Person: return fromWire(row.username());
    case State: return stateOf(row).word;
    case Role: return fromWire(row.user ? row.user->role : row.invitation->role);
    case Workspace: {
        const auto state = workspace(row);
        return state ? state->word : QStringLiteral("none yet");
    }
    case Tokens: return row.user ? countText(tokens(m_usage.ofUser(row.user->userId))) : QString();
    case LastSignIn:
        if (!row.user)
            return QString();
        return row.user->lastSignInAt ? tr("%1 ago").arg(sinceText(timeFromWire(*row.user->lastSignInAt))) : tr("never");
    case Joined:
        return row.user ? tr("%1 ago").arg(sinceText(timeFromWire(row.user->createdAt))) : QString();
    default: return {};
    }
}

QVariant PeopleModel::sortKey(const PersonRow& row, int column) const {
    switch (column) {
    case State: return severity(stateOf(row).kind);
    case Workspace: {
        const auto state = workspace(row);
        return state ? severity(state->kind) : 100;
    }
    case Tokens: return QVariant::fromValue<qlonglong>(row.user ? tokens(m_usage.ofUser(row.user->userId)) : -1);
    case LastSignIn: return row.user && row.user->lastSignInAt ? timeFromWire(*row.user->lastSignInAt) : QDateTime();
    case Joined: return row.user ? timeFromWire(row.user->createdAt) : QDateTime();
    default: return text(row, column);
    }
}

QVariant PeopleModel::data(const QModelIndex& index, int role) const {
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const PersonRow& item = row(index.row());
    const int column = index.column();
    switch (role) {
    case Qt::DisplayRole: return text(item, column);
    case KeyRole: return rowKey(item);
    case SearchRole: return QVariant(fromWire(item.username()) + u' ' + text(item, Role).toString() + u' ' + stateOf(item).word);
    case RowStateRole: return QVariant::fromValue(stateOf(item));
    case SortRole: return sortKey(item, column);
    case StateRole:
        if (column == State)
            return QVariant::fromValue(stateOf(item));
        if (const auto state = column == Workspace ? workspace(item) : std::nullopt)
            return QVariant::fromValue(*state);
        return {};
    case Qt::TextAlignmentRole: return int((column == Tokens ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    case Qt::ToolTipRole:
        if (column == State)
            return stateOf(item).sentence;
        if (column == LastSignIn && item.user && item.user->lastSignInAt)
            return momentText(timeFromWire(*item.user->lastSignInAt));
        if (column == Joined && item.user)
            return momentText(timeFromWire(item.user->createdAt));
        return {};
    default: return {};
    }
}

QVariant PeopleModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return int((section == Tokens ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    if (role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Person: return tr("Person");
    case State: return tr("State");
    case Role: return tr("Role");
    case Workspace: return tr("Workspace");
    case Tokens: return tr("Tokens this month");
    case LastSignIn: return tr("Last sign-in");
    case Joined: return tr("Joined");
    default: return {};
    }
}

int PeopleModel::people() const {
    int count = 0;
    for (const PersonRow& one : rows())
        count += one.user ? 1 : 0;
    return count;
}

} // namespace clawloops::gui
