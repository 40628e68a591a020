// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/usage/usage_page.h"

#include "models/money.h"
#include "pages/usage/budget_panel.h"
#include "pages/usage/period_dialog.h"
#include "pages/usage/refusals_panel.h"
#include "widgets/day_chart.h"
#include "widgets/fetched_view.h"
#include "widgets/live_table.h"
#include "widgets/sections.h"
#include "widgets/theme.h"
#include "widgets/totals_row.h"

#include <QAction>
#include <QComboBox>
#include <QFileDialog>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QSaveFile>
#include <QVBoxLayout>

namespace clawloops::gui {

namespace {

enum PeriodRow { ThisMonth, LastMonth, SevenDays, Custom };

} // namespace

UsagePage::UsagePage(LiveData& live, ApiClient& client, QWidget* parent)
    : Page(tr("Usage"), parent), m_data(live), m_client(client),
      m_report(client, tr("Usage by period"), [this](const json::object& answer) { return takeReport(answer); }, this),
      m_daily(client, tr("Usage by day"), [this](const json::object& answer) { return takeDays(answer); }, this),
      m_period(UsagePeriod::thisMonth(UsagePeriod::today())), m_export(new QAction(tr("Export CSV…"), this)), m_periods(new QComboBox(this)),
      m_by(new QComboBox(this)), m_measure(new QComboBox(this)), m_chart(new DayChart(this)), m_table(nullptr), m_totals(nullptr), m_view(nullptr), m_budgets(nullptr), m_refusals(nullptr),
      m_sections(new Sections(this)) {
    m_filter.setSourceModel(&m_rows);
    auto* content = new QWidget(m_sections);
    auto* column = new QVBoxLayout(content);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(makeChoices());
    auto* figures = new QWidget(content);
    auto* below = new QVBoxLayout(figures);
    below->setContentsMargins(0, 0, 0, 0);
    below->setSpacing(0);
    m_table = new LiveTable(m_filter, figures);
    m_table->setAccessibleName(tr("Usage"));
    m_table->setColumns({140, 86, 66, 104, 96, 96, 92, 84}, UsageTable::Name);
    m_table->setOptional({UsageTable::Estimated, UsageTable::Cached, UsageTable::Failed});
    m_table->setMuted({UsageTable::Cached, UsageTable::Estimated});
    m_totals = new TotalsRow(*m_table, figures);
    below->addWidget(m_chart);
    below->addWidget(m_table, 1);
    below->addWidget(m_totals);
    m_view = new FetchedView(m_report, figures, content);
    m_view->setEmpty(tr("Nothing used"), tr("No request of these days reached a model. Choose other days, or wait until somebody opens their workspace."),
                     [this] { return m_rows.rowCount() == 0; });
    m_budgets = new BudgetPanel(live, client, content);
    column->addWidget(m_view, 3);
    column->addWidget(m_budgets, 2);
    connect(addFilter(tr("Filter usage")), &QLineEdit::textChanged, this, [this](const QString& words) {
        m_filter.setWords(words);
        m_refusals->setWords(words);
        addUp();
    });
    m_export->setToolTip(tr("Writes one line a day, person, model and target of the chosen days into a file"));
    addHeaderButton(m_export);
    connect(m_export, &QAction::triggered, this, &UsagePage::chooseFile);
    m_refusals = new RefusalsPanel(live, client, m_sections);
    m_sections->add(tr("Usage"), content);
    m_sections->add(tr("Refusals"), m_refusals);
    setContent(m_sections);
    connect(m_sections, &Sections::currentChanged, this, &UsagePage::inspectedChanged);
    connect(m_refusals, &RefusalsPanel::selectionMoved, this, &UsagePage::inspectedChanged);
    connect(m_table, &LiveTable::selectionMoved, this, [this] {
        m_budgetSelected = false;
        Q_EMIT inspectedChanged();
    });
    connect(m_budgets, &BudgetPanel::selectionMoved, this, [this] {
        m_budgetSelected = true;
        Q_EMIT inspectedChanged();
    });
    connect(m_budgets, &BudgetPanel::done, this, [this](const QString& sentence) { notice(sentence); });
    connect(m_budgets, &BudgetPanel::failed, this, &UsagePage::failureNotice);
    connect(m_view, &FetchedView::dimmed, this, [this](bool old) {
        m_table->setDimmed(old);
        m_chart->setDimmed(old);
        m_totals->setDimmed(old);
    });
    connect(&live, &LiveData::told, this, [this](const QByteArray& type) {
        if (type == "usage" && isVisible() && isLive()) {
            m_report.soon();
            m_daily.soon();
        }
    });
    contactChanged();
}

QWidget* UsagePage::makeChoices() {
    auto* bar = new QWidget(this);
    auto* row = new QHBoxLayout(bar);
    row->setContentsMargins(16, 8, 16, 10);
    row->setSpacing(8);
    m_periods->addItems({tr("This month"), tr("Last month"), tr("Last 7 days"), tr("Other days…")});
    m_by->addItem(tr("by person"), QStringLiteral("person"));
    m_by->addItem(tr("by model"), QStringLiteral("route"));
    m_by->addItem(tr("by day"), QStringLiteral("day"));
    m_by->addItem(tr("by target"), QStringLiteral("target"));
    m_by->addItem(tr("by key"), QStringLiteral("key"));
    m_measure->addItems({tr("Chart: tokens"), tr("Chart: cost"), tr("Chart: requests")});
    const std::pair<QComboBox*, QString> choices[] = {{m_periods, tr("Days")}, {m_by, tr("Grouped")}, {m_measure, tr("What the chart shows")}};
    for (const auto& [combo, name] : choices) {
        combo->setMinimumHeight(Theme::px(28));
        combo->setAccessibleName(name);
        row->addWidget(combo);
    }
    row->addStretch(1);
    connect(m_periods, &QComboBox::activated, this, &UsagePage::choosePeriod);
    connect(m_by, &QComboBox::currentIndexChanged, this, &UsagePage::ask);
    connect(m_measure, &QComboBox::currentIndexChanged, this, &UsagePage::drawChart);
    return bar;
}

void UsagePage::choosePeriod(int index) {
    const QDate today = UsagePeriod::today();
    switch (index) {
    case ThisMonth: return setPeriod(UsagePeriod::thisMonth(today));
    case LastMonth: return setPeriod(UsagePeriod::lastMonth(today));
    case SevenDays: return setPeriod(UsagePeriod::sevenDays(today));
    default: break;
    }
    auto* dialog = new PeriodDialog(m_period, window());
    connect(dialog, &PeriodDialog::chosen, this, &UsagePage::setPeriod);
    dialog->open();
}

void UsagePage::setPeriod(const UsagePeriod& period) {
    m_period = period;
    m_days = {};
    drawChart();
    ask();
}

void UsagePage::ask() {
    if (!isLive() || !isVisible())
        return;
    const QString days = QStringLiteral("/admin/usage?") + m_period.query();
    m_report.ask(days + QStringLiteral("&by=") + m_by->currentData().toString());
    m_daily.ask(days + QStringLiteral("&by=day"));
}

void UsagePage::contactChanged() {
    m_export->setEnabled(isLive());
    m_budgets->setLive(isLive());
    m_refusals->setLive(isLive());
    if (isLive())
        return ask();
    if (!isRefused())
        return;
    // Whoever signs in next sees nothing of the person before.
    m_report.forget();
    m_daily.forget();
    m_rows.merge({});
    m_days = {};
    m_total = {};
    m_budgets->forget();
    m_refusals->forget();
    addUp();
    drawChart();
}

void UsagePage::showEvent(QShowEvent* event) {
    Page::showEvent(event);
    ask();
}

void UsagePage::setDimmed(bool dimmed) {
    m_table->setDimmed(dimmed);
    m_chart->setDimmed(dimmed);
    m_totals->setDimmed(dimmed);
    m_budgets->setDimmed(dimmed);
    m_refusals->setDimmed(dimmed);
}

Status UsagePage::takeReport(const json::object& answer) {
    auto report = UsageReport::read(answer);
    if (!report)
        return report.error();
    m_total = report->total;
    m_rows.set(*report);
    addUp();
    if (!report->addsUp())
        failureNotice(tr("The rows add up to %1 in %2 requests, the server's own total is %3 in %4. One of them is wrong: tell whoever looks after the appliance.")
                          .arg(exactMoneyText(report->sum().costNanos), exactCountText(report->sum().requests), exactMoneyText(m_total.costNanos),
                               exactCountText(m_total.requests)),
                      {});
    Q_EMIT inspectedChanged();
    return {};
}

Status UsagePage::takeDays(const json::object& answer) {
    auto report = UsageReport::read(answer);
    if (!report)
        return report.error();
    m_days = std::move(*report);
    drawChart();
    return {};
}

void UsagePage::drawChart() {
    const int measure = m_measure->currentIndex();
    QHash<QString, qint64> values;
    for (const UsageRow& one : m_days.items)
        values[one.key] = measure == 1 ? one.costNanos : measure == 2 ? one.requests : one.promptTokens + one.completionTokens;
    std::vector<DayChart::Day> days;
    constexpr qint64 mostDays = 400;
    for (qint64 i = 0; i < std::min(m_period.days(), mostDays); ++i) {
        const QDate day = m_period.from.addDays(i);
        days.push_back({day, values.value(day.toString(Qt::ISODate))});
    }
    const QString words[] = {tr("Tokens"), tr("Cost"), tr("Requests")};
    m_chart->set(std::move(days), tr("%1 a day, %2 (UTC)").arg(words[measure], m_period.text()), [measure](qint64 value) {
        return measure == 1 ? moneyText(value) : measure == 2 ? tr("%1 requests").arg(countText(value)) : tr("%1 tokens").arg(countText(value));
    });
}

// What is shown is what is added: with a filter, the total is of the rows that it lets through.
void UsagePage::addUp() {
    UsageRow sum;
    for (int i = 0; i < m_filter.rowCount(); ++i)
        if (const UsageRow* row = m_rows.find(m_filter.index(i, 0).data(KeyRole).toString()))
            sum.add(*row);
    sum.title = m_filter.isFiltering() ? tr("Total of %1 shown").arg(exactCountText(m_filter.rowCount())) : tr("Total");
    sum.key = sum.title;
    QStringList texts;
    QStringList hints;
    for (int column = 0; column < UsageTable::ColumnCount; ++column) {
        texts += UsageTable::text(sum, column);
        hints += UsageTable::hint(sum, column);
    }
    m_totals->set(texts, hints);
}

void UsagePage::chooseFile() {
    auto* dialog = new QFileDialog(window(), tr("Export usage"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setNameFilter(tr("CSV (*.csv)"));
    dialog->setDefaultSuffix(QStringLiteral("csv"));
    dialog->selectFile(QStringLiteral("clawloops-usage-%1-%2.csv").arg(m_period.from.toString(Qt::ISODate), m_period.to.toString(Qt::ISODate)));
    connect(dialog, &QFileDialog::fileSelected, this, &UsagePage::exportTo);
    dialog->open();
}

void UsagePage::exportTo(const QString& file) {
    m_client.text(QStringLiteral("/admin/usage.csv?") + m_period.query(), this, [this, file](const std::variant<QByteArray, ApiFailure>& result) {
        if (const auto* failure = std::get_if<ApiFailure>(&result))
            return failureNotice(tr("Nothing was exported. %1").arg(failure->sentence), failure->requestId);
        const QByteArray& text = std::get<QByteArray>(result);
        QSaveFile out(file); // all of it or nothing
        if (!out.open(QIODevice::WriteOnly) || out.write(text) != text.size() || !out.commit())
            return failureNotice(tr("Nothing was exported: %1 cannot be written (%2). Choose another place.").arg(file, out.errorString()), {});
        notice(tr("%1 lines are in %2.").arg(exactCountText(std::max<qsizetype>(0, text.trimmed().count('\n'))), file));
    });
}

InspectorContent UsagePage::inspected() const {
    if (m_sections->current() == m_refusals)
        return m_refusals->inspected();
    if (m_budgetSelected)
        return m_budgets->inspected();
    const QStringList keys = m_table->selectedKeys();
    const UsageRow* row = keys.size() == 1 ? m_rows.find(keys.first()) : nullptr;
    if (!row)
        return {};
    InspectorContent out;
    out.kind = tr("Usage, %1").arg(m_period.text());
    out.title = row->title;
    out.state = row->failed > 0 ? StateView{StateKind::Attention, tr("%1 of %2 requests failed").arg(exactCountText(row->failed), exactCountText(row->requests)), {}, {}}
                                : StateView{StateKind::Running, tr("no request failed"), {}, {}};
    out.facts = {{tr("Cost"), exactMoneyText(row->costNanos)},
                 {tr("Tokens in"), exactCountText(row->promptTokens)},
                 {tr("of these cached"), exactCountText(row->cachedTokens)},
                 {tr("Tokens out"), exactCountText(row->completionTokens)},
                 {tr("of these reasoning"), exactCountText(row->reasoningTokens)}};
    if (row->estimated > 0)
        out.facts.append({tr("Estimated"), tr("%1 requests: nobody reported their tokens").arg(exactCountText(row->estimated))});
    if (row->title != row->key)
        out.facts.append({tr("Id"), row->key});
    return out;
}

} // namespace clawloops::gui
