// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/list_panel.h"

namespace clawloops::gui {

// Whom no model answers, or only slowly: by whose decision, since when, and with which numbers the rule was met.
class HoldsPanel : public ListPanel {
    Q_OBJECT
public:
    HoldsPanel(LiveData& live, ApiClient& client, QWidget* parent);
    [[nodiscard]] InspectorContent inspected() const override;

protected:
    Status take(const json::object& answer) override;
    void clearRows() override { live().holds.set({}); }
    void follow() override;

private:
    void release();
    QAction* m_release;
};

} // namespace clawloops::gui
