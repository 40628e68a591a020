// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/keyed_table.h"
#include "models/usage_report.h"

namespace clawloops::gui {

[[nodiscard]] inline QString rowKey(const UsageRow& row) { return row.key; }

// The items of a usage report. Figures are whole, so that a column can be added up by eye.
class UsageTable : public KeyedTable<UsageRow, rowKey> {
    Q_OBJECT
public:
    enum Column { Name, Requests, Failed, In, Cached, Out, Cost, Estimated, ColumnCount };

    using KeyedTable::KeyedTable;
    void set(const UsageReport& report);
    [[nodiscard]] const QString& by() const { return m_by; }
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override { return parent.isValid() ? 0 : ColumnCount; }
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

    [[nodiscard]] static QString text(const UsageRow& row, int column); // also of a row of totals
    [[nodiscard]] static QString hint(const UsageRow& row, int column);

private:
    QString m_by;
};

} // namespace clawloops::gui
