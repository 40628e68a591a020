// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/keyed_table.h"
#include "models/state_view.h"

namespace clawloops::gui {

[[nodiscard]] inline QString rowKey(const wire::Component& row) { return fromWire(row.name); }

class ComponentsModel : public KeyedTable<wire::Component, rowKey> {
    Q_OBJECT
public:
    enum Column { Name, State, Since, Memory, Restarts, Process, Sentence, ColumnCount };

    using KeyedTable::KeyedTable;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override { return parent.isValid() ? 0 : ColumnCount; }
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
    [[nodiscard]] StateKind worst() const; // Running where all is well; Unknown where nothing is known

private:
    [[nodiscard]] static QVariant text(const wire::Component& row, int column);
};

} // namespace clawloops::gui
