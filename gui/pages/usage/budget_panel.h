// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/budgets_table.h"
#include "widgets/list_panel.h"

namespace clawloops::gui {

// The budgets with their bars, and what is done with them.
class BudgetPanel : public ListPanel {
    Q_OBJECT
public:
    BudgetPanel(LiveData& live, ApiClient& client, QWidget* parent);
    [[nodiscard]] InspectorContent inspected() const override;

protected:
    Status take(const json::object& answer) override;
    void clearRows() override { m_rows.merge({}); }
    void follow() override;

private:
    void raise();
    [[nodiscard]] QString nameOf(const Budget& budget) const;
    [[nodiscard]] const Budget* selected() const { return m_rows.find(only()); }

    BudgetsTable m_rows;
    QAction* m_raise;
};

} // namespace clawloops::gui
