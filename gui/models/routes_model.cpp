// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/routes_model.h"

#include <QStringList>

namespace clawloops::gui {

QString targetText(const wire::RouteTarget& target) {
    const QString how = target.kind == "litellm" ? QStringLiteral("through LiteLLM") : QStringLiteral("directly");
    return fromWire(target.name) + QLatin1String(", ") + how;
}

RoutesModel::RoutesModel(const UsageBook& usage, const TargetBoard& targets, QObject* parent)
    : KeyedTable(parent), m_usage(usage), m_targets(targets) {
    connect(&usage, &UsageBook::changed, this, [this] {
        if (rowCount() > 0)
            Q_EMIT dataChanged(index(0, Requests), index(rowCount() - 1, Tokens));
    });
    connect(&targets, &TargetBoard::changed, this, [this] {
        if (rowCount() > 0)
            Q_EMIT dataChanged(index(0, State), index(rowCount() - 1, Waiting));
    });
}

QVariant RoutesModel::text(const wire::Route& row, int column) const {
    switch (column) {
    case Name: return fromWire(row.modelId);
    case State: return stateOf(row).word;
    case Title: return fromWire(row.title);
    case Targets: {
        QStringList names;
        for (const wire::RouteTarget& target : row.targets)
            names += targetText(target);
        return names.join(QStringLiteral(" · "));
    }
    case InFlight: {
        const qint64 now = m_targets.inFlight(fromWire(row.modelId));
        const qint64 places = m_targets.placesOf(fromWire(row.modelId));
        return m_targets.of(fromWire(row.modelId)).empty() ? QString() : places > 0 ? tr("%1 of %2").arg(now).arg(places) : QString::number(now);
    }
    case Waiting: return m_targets.of(fromWire(row.modelId)).empty() ? QString() : countText(m_targets.waiting(fromWire(row.modelId)));
    case Requests: return countText(m_usage.ofRoute(row.modelId).requests);
    case Failed: return countText(m_usage.ofRoute(row.modelId).failed);
    case Tokens: return countText(tokens(m_usage.ofRoute(row.modelId)));
    default: return {};
    }
}

QVariant RoutesModel::data(const QModelIndex& index, int role) const {
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const wire::Route& item = row(index.row());
    const int column = index.column();
    switch (role) {
    case Qt::DisplayRole: return text(item, column);
    case KeyRole: return rowKey(item);
    case SearchRole: return QVariant(fromWire(item.modelId) + u' ' + fromWire(item.title) + u' ' + text(item, Targets).toString());
    case RowStateRole: return QVariant::fromValue(stateOf(item));
    case StateRole: return column == State ? QVariant::fromValue(stateOf(item)) : QVariant();
    case SortRole:
        if (column == State)
            return severity(stateOf(item).kind);
        if (column == InFlight)
            return m_targets.inFlight(fromWire(item.modelId));
        if (column == Waiting)
            return m_targets.waiting(fromWire(item.modelId));
        if (column == Requests)
            return QVariant::fromValue<qlonglong>(m_usage.ofRoute(item.modelId).requests);
        if (column == Failed)
            return QVariant::fromValue<qlonglong>(m_usage.ofRoute(item.modelId).failed);
        if (column == Tokens)
            return QVariant::fromValue<qlonglong>(tokens(m_usage.ofRoute(item.modelId)));
        return text(item, column);
    case Qt::TextAlignmentRole: return int((column >= InFlight ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    case Qt::ToolTipRole: return column == State ? QVariant(stateOf(item).sentence) : QVariant();
    default: return {};
    }
}

QVariant RoutesModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return int((section >= InFlight ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    if (role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Name: return tr("Model");
    case State: return tr("State");
    case Title: return tr("Title");
    case Targets: return tr("Targets, in order");
    case InFlight: return tr("In flight");
    case Waiting: return tr("Waiting");
    case Requests: return tr("Requests");
    case Failed: return tr("Failed");
    case Tokens: return tr("Tokens this month");
    default: return {};
    }
}

int RoutesModel::attention() const {
    int count = 0;
    for (const wire::Route& one : rows())
        count += wantsAttention(stateOf(one).kind) ? 1 : 0;
    return count;
}

} // namespace clawloops::gui
