// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/keyed_table.h"
#include "models/state_view.h"
#include "models/usage_book.h"

namespace clawloops::gui {

// With what every painted cell needs worked out once.
struct RuntimeRow : wire::AdminRuntime {
    RuntimeRow(wire::AdminRuntime from) : wire::AdminRuntime(std::move(from)), state(describe(static_cast<const wire::AdminRuntime&>(*this))), name(fromWire(username)) {}
    StateView state;
    QString name;
};
[[nodiscard]] inline const StateView& describe(const RuntimeRow& row) { return row.state; }
[[nodiscard]] inline QString rowKey(const RuntimeRow& row) { return fromWire(row.status.binding.runtimeId); }

class RuntimesModel : public KeyedTable<RuntimeRow, rowKey> {
    Q_OBJECT
public:
    enum Column { Person, State, Since, Doing, Tokens, Cell, ColumnCount };

    explicit RuntimesModel(const UsageBook& usage, QObject* parent = nullptr);
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override { return parent.isValid() ? 0 : ColumnCount; }
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

    [[nodiscard]] const RuntimeRow* ofUser(const std::string& userId) const;
    [[nodiscard]] int attention() const;

private:
    const UsageBook& m_usage;
};

} // namespace clawloops::gui
