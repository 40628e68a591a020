// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/filter_model.h"
#include "models/health_board.h"
#include "widgets/page.h"

namespace clawloops::gui {

class ArchitectureView;
class LiveTable;

// The architecture with its health, and below it the components as a table. Selecting in one selects in the other.
class OverviewPage : public Page {
    Q_OBJECT
public:
    OverviewPage(LiveData& live, const HealthBoard& health, QWidget* parent = nullptr);
    [[nodiscard]] InspectorContent inspected() const override;
    void selectKey(const QString& key) override;
    [[nodiscard]] ArchitectureView& architecture() { return *m_view; }

protected:
    void setDimmed(bool dimmed) override;

private:
    LiveData& m_data;
    const HealthBoard& m_health;
    FilterModel m_filter;
    ArchitectureView* m_view;
    LiveTable* m_table;
};

} // namespace clawloops::gui
