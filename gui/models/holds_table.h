// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/keyed_table.h"
#include "models/state_view.h"
#include "wire/model_types.h"

namespace clawloops::gui {

[[nodiscard]] inline QString rowKey(const wire::Hold& row) { return fromWire(row.userId); }
[[nodiscard]] StateView describe(const wire::Hold& hold);
// "120 requests in 300 s": a rule's numbers, each with its name.
[[nodiscard]] QString numbersText(const json::object& numbers);

// Whom no model answers, or only slowly, and whether that is everybody: GET admin/holds, event `hold`.
class HoldsTable : public KeyedTable<wire::Hold, rowKey> {
    Q_OBJECT
public:
    enum Column { Person, State, Rule, Since, Why, ColumnCount };

    using KeyedTable::KeyedTable;
    void set(wire::Holds holds);
    [[nodiscard]] const QString& all() const { return m_all; } // why everybody is frozen; empty: they are not
    [[nodiscard]] int attention() const; // whom the brake holds: somebody has to look
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override { return parent.isValid() ? 0 : ColumnCount; }
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

Q_SIGNALS:
    void held(); // somebody else is, or why

private:
    [[nodiscard]] static QString text(const wire::Hold& row, int column);
    QString m_all;
};

} // namespace clawloops::gui
