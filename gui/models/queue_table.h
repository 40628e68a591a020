// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/json.h"
#include "models/keyed_table.h"

namespace clawloops::gui {

// Somebody's request that waits for a place at a target: GET admin/queue.
struct QueueEntry {
    QString ticket;
    QString route;
    QString target;
    QString userId;
    QString username;
    QString kind; // interactive | batch
    QString since;
    qint64 position = 0; // 1: next
    qint64 waitMs = 0; // as expected from now on

    [[nodiscard]] static Result<QueueEntry> read(const json::object& object);
};
[[nodiscard]] inline QString rowKey(const QueueEntry& row) { return row.ticket; }

class QueueTable : public KeyedTable<QueueEntry, rowKey> {
    Q_OBJECT
public:
    enum Column { Person, Model, Target, Kind, Position, Waited, Expected, ColumnCount };

    using KeyedTable::KeyedTable;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override { return parent.isValid() ? 0 : ColumnCount; }
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    [[nodiscard]] static QString text(const QueueEntry& row, int column);
};

} // namespace clawloops::gui
