// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/routes_model.h"

#include <QStringList>

namespace clawloops::gui {

QString targetText(const wire::RouteTarget& target) {
    const QString how = target.kind == "litellm" ? QStringLiteral("through LiteLLM") : QStringLiteral("directly");
    return fromWire(target.name) + QLatin1String(", ") + how;
}

RoutesModel::RoutesModel(const UsageBook& usage, QObject* parent) : KeyedTable(parent), m_usage(usage) {
    connect(&usage, &UsageBook::changed, this, [this] {
        if (rowCount() > 0)
            Q_EMIT dataChanged(index(0, Requests), index(rowCount() - 1, Tokens));
    });
}

QVariant RoutesModel::text(const wire::Route& row, int column) const {
    switch (column) {
    case Name: return fromWire(row.modelId);
    case State: return describe(row).word;
    case Title: return fromWire(row.title);
    case Targets: {
        QStringList names;
        for (const wire::RouteTarget& target : row.targets)
            names += targetText(target);
        return names.join(QStringLiteral(" · "));
    }
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
    case RowStateRole: return QVariant::fromValue(describe(item));
    case StateRole: return column == State ? QVariant::fromValue(describe(item)) : QVariant();
    case SortRole:
        if (column == State)
            return severity(describe(item).kind);
        if (column == Requests)
            return QVariant::fromValue<qlonglong>(m_usage.ofRoute(item.modelId).requests);
        if (column == Failed)
            return QVariant::fromValue<qlonglong>(m_usage.ofRoute(item.modelId).failed);
        if (column == Tokens)
            return QVariant::fromValue<qlonglong>(tokens(m_usage.ofRoute(item.modelId)));
        return text(item, column);
    case Qt::TextAlignmentRole: return int((column >= Requests ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    case Qt::ToolTipRole: return column == State ? QVariant(describe(item).sentence) : QVariant();
    default: return {};
    }
}

QVariant RoutesModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return int((section >= Requests ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    if (role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Name: return tr("Model");
    case State: return tr("State");
    case Title: return tr("Title");
    case Targets: return tr("Targets, in order");
    case Requests: return tr("Requests");
    case Failed: return tr("Failed");
    case Tokens: return tr("Tokens this month");
    default: return {};
    }
}

} // namespace clawloops::gui
