// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "client/fetch.h"
#include "models/filter_model.h"
#include "models/live_data.h"
#include "models/usage_period.h"
#include "models/usage_table.h"
#include "widgets/page.h"

class QComboBox;

namespace clawloops::gui {

class BudgetPanel;
class DayChart;
class FetchedView;
class LiveTable;
class RefusalsPanel;
class Sections;
class TotalsRow;

// What was used, by whom and for how much, in a period; day by day above it, the budgets below; and
// who was refused, with the rule.
class UsagePage : public Page {
    Q_OBJECT
public:
    UsagePage(LiveData& live, ApiClient& client, QWidget* parent = nullptr);
    [[nodiscard]] InspectorContent inspected() const override;
    void exportTo(const QString& file); // the period's days, as the server writes them
    void setPeriod(const UsagePeriod& period);
    [[nodiscard]] const UsagePeriod& period() const { return m_period; }
    [[nodiscard]] LiveTable& table() { return *m_table; }
    [[nodiscard]] TotalsRow& totals() { return *m_totals; }
    [[nodiscard]] DayChart& chart() { return *m_chart; }
    [[nodiscard]] FetchedView& view() { return *m_view; }
    [[nodiscard]] BudgetPanel& budgets() { return *m_budgets; }
    [[nodiscard]] RefusalsPanel& refusals() { return *m_refusals; }
    [[nodiscard]] Sections& sections() { return *m_sections; }

protected:
    void setDimmed(bool dimmed) override;
    void contactChanged() override;
    void showEvent(QShowEvent* event) override;

private:
    QWidget* makeChoices();
    void choosePeriod(int index);
    void ask();
    Status takeReport(const json::object& answer);
    Status takeDays(const json::object& answer);
    void drawChart();
    void addUp();
    void chooseFile();

    LiveData& m_data;
    ApiClient& m_client;
    UsageTable m_rows;
    FilterModel m_filter;
    UsageRow m_total; // as the server says it
    UsageReport m_days;
    Fetch m_report;
    Fetch m_daily;
    UsagePeriod m_period;
    QAction* m_export;
    QComboBox* m_periods;
    QComboBox* m_by;
    QComboBox* m_measure;
    DayChart* m_chart;
    LiveTable* m_table;
    TotalsRow* m_totals;
    FetchedView* m_view;
    BudgetPanel* m_budgets;
    RefusalsPanel* m_refusals;
    Sections* m_sections;
    bool m_budgetSelected = false; // what the inspector shows
};

} // namespace clawloops::gui
