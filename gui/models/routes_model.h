// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/keyed_table.h"
#include "models/state_view.h"
#include "models/target_board.h"
#include "models/usage_book.h"

namespace clawloops::gui {

[[nodiscard]] inline QString rowKey(const wire::Route& row) { return fromWire(row.modelId); }

class RoutesModel : public KeyedTable<wire::Route, rowKey> {
    Q_OBJECT
public:
    enum Column { Name, State, Title, Targets, InFlight, Waiting, Requests, Failed, Tokens, ColumnCount };

    RoutesModel(const UsageBook& usage, const TargetBoard& targets, QObject* parent = nullptr);
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override { return parent.isValid() ? 0 : ColumnCount; }
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

    [[nodiscard]] StateView stateOf(const wire::Route& row) const { return m_targets.stateOf(row); }
    [[nodiscard]] int attention() const;

private:
    [[nodiscard]] QVariant text(const wire::Route& row, int column) const;
    const UsageBook& m_usage;
    const TargetBoard& m_targets;
};

// "through LiteLLM" or "directly": how a target is spoken to.
[[nodiscard]] QString targetText(const wire::RouteTarget& target);

} // namespace clawloops::gui
