// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/budget.h"
#include "models/keyed_table.h"
#include "models/share.h"

#include <functional>

namespace clawloops::gui {

[[nodiscard]] inline QString rowKey(const Budget& row) { return row.id + u' ' + row.subject; }

// The budgets with how much of each is gone today.
class BudgetsTable : public KeyedTable<Budget, rowKey> {
    Q_OBJECT
public:
    enum Column { Name, For, Bar, Spent, Left, Limit, Resets, ColumnCount };

    // `nameOf` says the person, group or route of a budget with a subject.
    explicit BudgetsTable(std::function<QString(const Budget&)> nameOf, QObject* parent = nullptr);
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override { return parent.isValid() ? 0 : ColumnCount; }
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
    [[nodiscard]] QString forText(const Budget& row) const; // "each person", "anna", "everybody"

private:
    [[nodiscard]] QString text(const Budget& row, int column) const;
    std::function<QString(const Budget&)> m_nameOf;
};

} // namespace clawloops::gui
