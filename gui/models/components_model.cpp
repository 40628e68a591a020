// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/components_model.h"

namespace clawloops::gui {

QVariant ComponentsModel::text(const wire::Component& row, int column) {
    switch (column) {
    case Name: return fromWire(row.title);
    case State: return describe(row).word;
    case Since: return sinceText(timeFromWire(row.since));
    case Memory: return row.rssBytes ? bytesText(*row.rssBytes) : QString();
    case Restarts: return QString::number(row.restarts);
    case Process: return row.pid ? QString::number(*row.pid) : QString();
    case Sentence: return row.sentence ? fromWire(*row.sentence) : QString();
    default: return {};
    }
}

QVariant ComponentsModel::data(const QModelIndex& index, int role) const {
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const wire::Component& item = row(index.row());
    const int column = index.column();
    const bool figure = column >= Since && column <= Process;
    switch (role) {
    case Qt::DisplayRole: return text(item, column);
    case KeyRole: return rowKey(item);
    case SearchRole: return QVariant(fromWire(item.name) + u' ' + fromWire(item.title));
    case RowStateRole: return QVariant::fromValue(describe(item));
    case StateRole: return column == State ? QVariant::fromValue(describe(item)) : QVariant();
    case SortRole:
        switch (column) {
        case State: return severity(describe(item).kind);
        case Since: return timeFromWire(item.since);
        case Memory: return QVariant::fromValue<qlonglong>(item.rssBytes.value_or(-1));
        case Restarts: return QVariant::fromValue<qlonglong>(item.restarts);
        case Process: return QVariant::fromValue<qlonglong>(item.pid.value_or(-1));
        default: return text(item, column);
        }
    case Qt::TextAlignmentRole: return int((figure ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    case Qt::ToolTipRole:
        if (column == Since)
            return momentText(timeFromWire(item.since));
        return item.sentence ? QVariant(fromWire(*item.sentence)) : QVariant();
    default: return {};
    }
}

QVariant ComponentsModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return int((section >= Since && section <= Process ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    if (role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Name: return tr("Component");
    case State: return tr("State");
    case Since: return tr("Since");
    case Memory: return tr("Memory");
    case Restarts: return tr("Restarts");
    case Process: return tr("Process");
    case Sentence: return tr("What is going on");
    default: return {};
    }
}

StateKind ComponentsModel::worst() const {
    if (rows().empty())
        return StateKind::Unknown;
    StateKind kind = StateKind::Running;
    for (const wire::Component& one : rows())
        if (severity(describe(one).kind) < severity(kind))
            kind = describe(one).kind;
    return kind;
}

} // namespace clawloops::gui
