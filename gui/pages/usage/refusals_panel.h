// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/plain_table.h"
#include "models/refusal.h"
#include "widgets/list_panel.h"

#include <QTimer>

namespace clawloops::gui {

// "Why was I refused?": the last requests that were not let in, each with its rule, its sentence, the rule's numbers at that
// moment, how to change it, and the way to its trace.
class RefusalsPanel : public ListPanel {
    Q_OBJECT
public:
    RefusalsPanel(LiveData& live, ApiClient& client, QWidget* parent);
    [[nodiscard]] InspectorContent inspected() const override;

protected:
    Status take(const json::object& answer) override;
    void clearRows() override { m_rows.merge({}); }
    void follow() override;

private:
    void showTrace();
    [[nodiscard]] QString nameOf(const Refusal& refusal) const;
    [[nodiscard]] const Refusal* selected() const { return m_rows.find(only()); }

    PlainTable<Refusal, rowKey> m_rows;
    QAction* m_copy;
    QAction* m_trace;
    QTimer m_every; // no event says that somebody was refused
};

} // namespace clawloops::gui
