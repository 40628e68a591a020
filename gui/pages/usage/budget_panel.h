// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "client/fetch.h"
#include "models/budgets_table.h"
#include "models/filter_model.h"
#include "models/live_data.h"
#include "widgets/inspector.h"

#include <QWidget>

class QAction;
class QLabel;

namespace clawloops::gui {

class FetchedView;
class LiveTable;

// The budgets with their bars, and what is done with them.
class BudgetPanel : public QWidget {
    Q_OBJECT
public:
    BudgetPanel(LiveData& live, ApiClient& client, QWidget* parent);
    void setLive(bool live); // there is contact: things can be done
    void ask();
    void forget();
    void setDimmed(bool dimmed);
    [[nodiscard]] InspectorContent inspected() const;
    [[nodiscard]] LiveTable& table() { return *m_table; }
    [[nodiscard]] FetchedView& view() { return *m_view; }
    [[nodiscard]] const QList<QAction*>& actions() const { return m_actions; }

Q_SIGNALS:
    void selectionMoved();
    void done(const QString& sentence);

private:
    Status take(const json::object& answer);
    void raise();
    void follow();
    [[nodiscard]] QString nameOf(const Budget& budget) const;
    [[nodiscard]] const Budget* only() const;

    LiveData& m_data;
    ApiClient& m_client;
    BudgetsTable m_rows;
    FilterModel m_filter;
    Fetch m_fetch;
    LiveTable* m_table;
    FetchedView* m_view;
    QAction* m_raise;
    QList<QAction*> m_actions;
    bool m_live = false;
};

} // namespace clawloops::gui
