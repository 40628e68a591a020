// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/queue_table.h"

#include "models/json_list.h"
#include "models/state_view.h"

namespace clawloops::gui {

Result<QueueEntry> QueueEntry::read(const json::object& object) {
    ObjectReader reader(object, "queue entry");
    QueueEntry entry;
    // A ticket may be a number: it is only ever given back.
    if (const json::value* ticket = object.if_contains("ticket"); ticket && ticket->is_int64())
        entry.ticket = QString::number(ticket->get_int64());
    else
        entry.ticket = fromWire(reader.text("ticket"));
    entry.route = fromWire(reader.text("route"));
    entry.target = fromWire(reader.text("target"));
    entry.userId = textOf(object, "user");
    entry.username = textOf(object, "username");
    if (entry.username.isEmpty())
        entry.username = entry.userId;
    entry.kind = textOf(object, "kind");
    entry.since = fromWire(reader.text("since"));
    entry.position = reader.integer("position");
    entry.waitMs = numberOf(object, "waitMs");
    if (reader.failed())
        return reader.finish().error();
    return entry;
}

QString QueueTable::text(const QueueEntry& row, int column) {
    switch (column) {
    case Person: return row.username;
    case Model: return row.route;
    case Target: return row.target;
    case Kind: return row.kind == QLatin1String("batch") ? tr("batch") : tr("a person waits");
    case Position: return row.position == 1 ? tr("next") : QString::number(row.position);
    case Waited: return sinceText(timeFromWire(row.since.toStdString()));
    case Expected: return row.waitMs > 0 ? tr("about %1").arg(spanText((row.waitMs + 999) / 1000)) : tr("unknown");
    default: return {};
    }
}

QVariant QueueTable::data(const QModelIndex& index, int role) const {
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const QueueEntry& item = row(index.row());
    const int column = index.column();
    switch (role) {
    case Qt::DisplayRole: return text(item, column);
    case KeyRole: return item.ticket;
    case SearchRole: return QVariant(item.username + u' ' + item.route + u' ' + item.target);
    case SortRole:
        switch (column) {
        case Position: return item.position;
        case Waited: return timeFromWire(item.since.toStdString());
        case Expected: return item.waitMs;
        default: return text(item, column);
        }
    case Qt::TextAlignmentRole: return int((column >= Position ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    case Qt::ToolTipRole: return column == Waited ? momentText(timeFromWire(item.since.toStdString())) : QString();
    default: return {};
    }
}

QVariant QueueTable::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return int((section >= Position ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    if (role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Person: return tr("Person");
    case Model: return tr("Model");
    case Target: return tr("Target");
    case Kind: return tr("Kind");
    case Position: return tr("Place");
    case Waited: return tr("Waits for");
    case Expected: return tr("Still");
    default: return {};
    }
}

} // namespace clawloops::gui
