// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/queue_table.h"
#include "widgets/list_panel.h"

namespace clawloops::gui {

// Whose requests wait for a place at a busy model. An admin may let one go first, or send one away.
class QueuePanel : public ListPanel {
    Q_OBJECT
public:
    QueuePanel(LiveData& live, ApiClient& client, QWidget* parent);
    [[nodiscard]] InspectorContent inspected() const override;

protected:
    Status take(const json::object& answer) override;
    void clearRows() override { m_rows.merge({}); }
    void follow() override;

private:
    void move();
    void drop();
    [[nodiscard]] const QueueEntry* selected() const { return m_rows.find(only()); }

    QueueTable m_rows;
    QAction* m_move;
    QAction* m_drop;
};

} // namespace clawloops::gui
