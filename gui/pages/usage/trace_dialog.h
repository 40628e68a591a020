// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "client/fetch.h"
#include "models/filter_model.h"
#include "models/plain_table.h"
#include "wire/api_types.h"

#include <QDialog>

class QLabel;
class QPlainTextEdit;

namespace clawloops::gui {

class FetchedView;
class LiveTable;

struct TraceRow : wire::TraceHop {
    int number = 0;
};
[[nodiscard]] inline QString rowKey(const TraceRow& row) { return QString::number(row.number); }

// Where a request went: one row for each line that a part of the appliance wrote about it, the whole line below.
class TraceDialog : public QDialog {
    Q_OBJECT
public:
    TraceDialog(ApiClient& client, const QString& requestId, QWidget* parent);
    [[nodiscard]] LiveTable& table() { return *m_table; }
    [[nodiscard]] FetchedView& view() { return *m_view; }

private:
    Status take(const json::object& answer);
    PlainTable<TraceRow, rowKey> m_rows;
    FilterModel m_filter;
    Fetch m_fetch;
    LiveTable* m_table;
    FetchedView* m_view;
    QLabel* m_note;
    QPlainTextEdit* m_line;
};

} // namespace clawloops::gui
