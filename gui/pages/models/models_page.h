// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/filter_model.h"
#include "models/live_data.h"
#include "widgets/page.h"

namespace clawloops::gui {

class LiveTable;

// The models people can choose, and where each one's requests go.
class ModelsPage : public Page {
    Q_OBJECT
public:
    explicit ModelsPage(LiveData& live, QWidget* parent = nullptr);
    [[nodiscard]] InspectorContent inspected() const override;
    void selectKey(const QString& key) override;
    [[nodiscard]] LiveTable& table() { return *m_table; }

protected:
    [[nodiscard]] bool isEmpty() const override;
    void setDimmed(bool dimmed) override;

private:
    LiveData& m_data;
    FilterModel m_filter;
    LiveTable* m_table;
};

} // namespace clawloops::gui
