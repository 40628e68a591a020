// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/usage/trace_dialog.h"

#include "models/state_view.h"
#include "widgets/fetched_view.h"
#include "widgets/live_table.h"
#include "widgets/theme.h"

#include <QFontDatabase>
#include <QHBoxLayout>
#include <QLabel>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QVBoxLayout>

namespace clawloops::gui {

TraceDialog::TraceDialog(ApiClient& client, const QString& requestId, QWidget* parent)
    : QDialog(parent), m_rows({{tr("At"), [](const TraceRow& r) { return r.at.empty() ? tr("no time") : timeFromWire(r.at).toString(QStringLiteral("HH:mm:ss.zzz")); },
                                [](const TraceRow& r) { return QVariant(r.number); }, [](const TraceRow& r) { return momentText(timeFromWire(r.at)); }},
                               {tr("Part"), [](const TraceRow& r) { return fromWire(r.component); }},
                               {tr("What it did"), [](const TraceRow& r) { return fromWire(r.message); }, nullptr, [](const TraceRow& r) { return fromWire(r.message); }}}),
      m_fetch(client, tr("Trace"), [this](const json::object& answer) { return take(answer); }, this), m_table(nullptr), m_view(nullptr), m_note(new QLabel(this)),
      m_line(new QPlainTextEdit(this)) {
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(tr("Trace of %1").arg(requestId));
    resize(Theme::px(820), Theme::px(520));
    m_filter.setSourceModel(&m_rows);
    m_table = new LiveTable(m_filter, this);
    m_table->setAccessibleName(tr("Trace"));
    m_table->setColumns({150, 130, 380}, 2);
    m_table->setMuted({0});
    m_view = new FetchedView(m_fetch, m_table, this);
    m_view->setEmpty(tr("No trace"), tr("No part of the appliance wrote a line about this request, or its log has been put away since."), [this] { return m_rows.rowCount() == 0; });
    m_note->setWordWrap(true);
    m_note->setForegroundRole(QPalette::PlaceholderText);
    m_note->hide();
    m_line->setReadOnly(true);
    m_line->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    m_line->setPlaceholderText(tr("Select a row to see the whole line."));
    m_line->setAccessibleName(tr("The whole line"));
    m_line->setFixedHeight(Theme::px(112));
    auto* close = new QPushButton(tr("Close"), this);
    connect(close, &QPushButton::clicked, this, &QDialog::reject);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 12);
    column->setSpacing(8);
    column->addWidget(m_view, 1);
    auto* below = new QVBoxLayout;
    below->setContentsMargins(16, 0, 16, 0);
    below->setSpacing(8);
    below->addWidget(m_note);
    below->addWidget(m_line);
    auto* buttons = new QHBoxLayout;
    buttons->addStretch(1);
    buttons->addWidget(close);
    below->addLayout(buttons);
    column->addLayout(below);
    connect(m_table, &LiveTable::selectionMoved, this, [this] {
        const QStringList keys = m_table->selectedKeys();
        const TraceRow* row = keys.size() == 1 ? m_rows.find(keys.first()) : nullptr;
        m_line->setPlainText(row ? fromWire(row->line) : QString());
    });
    m_fetch.ask(QStringLiteral("/admin/trace/%1").arg(requestId));
}

Status TraceDialog::take(const json::object& answer) {
    auto trace = wire::fromJson<wire::Trace>(answer);
    if (!trace)
        return trace.error();
    std::vector<TraceRow> rows;
    for (wire::TraceHop& hop : trace->hops) {
        TraceRow row;
        static_cast<wire::TraceHop&>(row) = std::move(hop);
        row.number = int(rows.size());
        rows.push_back(std::move(row));
    }
    m_rows.merge(std::move(rows));
    m_note->setText(trace->note ? fromWire(*trace->note) : QString());
    m_note->setVisible(trace->note.has_value());
    return {};
}

} // namespace clawloops::gui
