// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStyledItemDelegate>
#include <QTableView>
#include <QTimer>
#include <functional>

namespace clawloops::gui {

class FilterModel;

// Paints a cell: padding, a soft selection over the whole row, states as shape and word, secondary columns muted.
class CellDelegate : public QStyledItemDelegate {
    Q_OBJECT
public:
    using QStyledItemDelegate::QStyledItemDelegate;
    void setDimmed(bool dimmed) { m_dimmed = dimmed; }
    void setMuted(int column) { m_muted.append(column); }
    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override;
    [[nodiscard]] QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;

private:
    bool m_dimmed = false;
    QList<int> m_muted;
};

// A table that lives: fixed row height (10,000 rows cost as much as ten), no jumping, times that go on by themselves.
class LiveTable : public QTableView {
    Q_OBJECT
public:
    explicit LiveTable(FilterModel& model, QWidget* parent = nullptr);
    void setColumns(const QList<int>& widths, int stretched); // pixels; 0 leaves a column out
    void setOptional(const QList<int>& columns) { m_optional = columns; } // left out where it is narrow, the first one first
    void setMuted(const QList<int>& columns);
    void setDimmed(bool dimmed); // the data is old
    [[nodiscard]] QStringList selectedKeys() const;
    void selectKey(const QString& key);
    void setMenu(const QList<QAction*>& actions) { m_menu = actions; } // of the context menu, above copying
    QAction* addCopy(const QString& text, std::function<QString(const QString& key)> what); // one line a selected row
    [[nodiscard]] QString sorting() const; // "2 descending", to be kept
    void setSorting(const QString& kept); // what makes no sense changes nothing
    [[nodiscard]] QSize sizeHint() const override { return {640, 240}; }

Q_SIGNALS:
    void selectionMoved();
    void activatedKey(const QString& key);

protected:
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void paintEvent(QPaintEvent* event) override; // says so where the filter leaves nothing over
    void contextMenuEvent(QContextMenuEvent* event) override;

private:
    void fitColumns();
    void copyRows() const;
    FilterModel& m_filter;
    CellDelegate* m_delegate;
    QTimer m_tick;
    QList<int> m_widths;
    QList<int> m_optional;
    int m_stretched = -1;
    QList<QAction*> m_menu;
    QList<QAction*> m_copy;
};

} // namespace clawloops::gui
