// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStringList>
#include <QWidget>

class QTableView;

namespace clawloops::gui {

// The last line of a table, which stays in view: one text a column, under the table's own columns.
class TotalsRow : public QWidget {
    Q_OBJECT
public:
    explicit TotalsRow(QTableView& table, QWidget* parent = nullptr);
    void set(const QStringList& texts, const QStringList& hints);
    void setDimmed(bool dimmed) { // the figures are old
        m_dimmed = dimmed;
        update();
    }
    [[nodiscard]] const QStringList& texts() const { return m_texts; }
    [[nodiscard]] QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;
    bool event(QEvent* event) override;

private:
    [[nodiscard]] QRectF place(int column) const;
    QTableView& m_table;
    QStringList m_texts;
    QStringList m_hints;
    bool m_dimmed = false;
};

} // namespace clawloops::gui
