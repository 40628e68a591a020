// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/live_table.h"

#include "models/filter_model.h"
#include "widgets/state_painter.h"
#include "widgets/theme.h"

#include <QHeaderView>
#include <QPainter>

namespace clawloops::gui {

void CellDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const {
    const Theme& theme = Theme::of(option.palette);
    const bool selected = option.state & QStyle::State_Selected;
    painter->save();
    if (selected)
        painter->fillRect(option.rect, theme.selection);
    else if (option.state & QStyle::State_MouseOver)
        painter->fillRect(option.rect, theme.hover);
    const QRectF inner = QRectF(option.rect).adjusted(index.column() == 0 ? 16 : 8, 0, -8, 0);
    const QVariant state = index.data(StateRole);
    if (state.isValid()) {
        paintState(*painter, inner, state.value<StateView>(), theme, option.font, m_dimmed);
    } else {
        QFont font = option.font;
        if (index.column() == 0)
            font.setWeight(QFont::DemiBold);
        painter->setFont(font);
        painter->setPen(m_dimmed || m_muted.contains(index.column()) ? theme.muted : theme.text);
        const Qt::Alignment alignment(index.data(Qt::TextAlignmentRole).toInt());
        const QString text = index.data(Qt::DisplayRole).toString();
        painter->drawText(inner, int(alignment), QFontMetricsF(font).elidedText(text, Qt::ElideRight, inner.width()));
    }
    if (option.state & QStyle::State_HasFocus) {
        painter->setPen(QPen(theme.accent, 1));
        painter->drawRect(option.rect.adjusted(0, 0, -1, -1));
    }
    painter->restore();
}

QSize CellDelegate::sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const {
    return {QStyledItemDelegate::sizeHint(option, index).width() + 16, Theme::rowHeight};
}

LiveTable::LiveTable(FilterModel& model, QWidget* parent)
    : QTableView(parent), m_filter(model), m_delegate(new CellDelegate(this)) {
    setModel(&model);
    setItemDelegate(m_delegate);
    setShowGrid(false);
    setMouseTracking(true);
    setTabKeyNavigation(false);
    setWordWrap(false);
    setCornerButtonEnabled(false);
    setSelectionBehavior(QAbstractItemView::SelectRows);
    setSelectionMode(QAbstractItemView::ExtendedSelection);
    setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
    setEditTriggers(QAbstractItemView::NoEditTriggers);
    verticalHeader()->hide();
    verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    verticalHeader()->setMinimumSectionSize(Theme::rowHeight);
    verticalHeader()->setDefaultSectionSize(Theme::rowHeight);
    horizontalHeader()->setHighlightSections(false);
    horizontalHeader()->setFixedHeight(30);
    horizontalHeader()->setMinimumSectionSize(40);
    setSortingEnabled(true);
    sortByColumn(0, Qt::AscendingOrder);
    // "since" columns count on: the model computes them when asked, so a repaint of what is visible is enough.
    m_tick.setInterval(1000);
    connect(&m_tick, &QTimer::timeout, viewport(), qOverload<>(&QWidget::update));
    connect(selectionModel(), &QItemSelectionModel::selectionChanged, this, &LiveTable::selectionMoved);
    connect(this, &QTableView::activated, this, [this](const QModelIndex& at) { Q_EMIT activatedKey(at.data(KeyRole).toString()); });
}

void LiveTable::setColumns(const QList<int>& widths, int stretched) {
    m_widths = widths;
    m_stretched = stretched;
    fitColumns();
}

void LiveTable::fitColumns() {
    int rest = viewport()->width();
    for (int i = 0; i < m_widths.size(); ++i) {
        setColumnHidden(i, m_widths[i] == 0);
        if (i != m_stretched)
            rest -= m_widths[i];
    }
    for (int i = 0; i < m_widths.size(); ++i)
        setColumnWidth(i, i == m_stretched ? std::max(m_widths[i], rest) : m_widths[i]);
}

void LiveTable::setMuted(std::initializer_list<int> columns) {
    for (const int column : columns)
        m_delegate->setMuted(column);
}

void LiveTable::setDimmed(bool dimmed) {
    m_delegate->setDimmed(dimmed);
    viewport()->update();
}

QStringList LiveTable::selectedKeys() const {
    QStringList keys;
    for (const QModelIndex& at : selectionModel()->selectedRows())
        keys += at.data(KeyRole).toString();
    return keys;
}

void LiveTable::selectKey(const QString& key) {
    const QModelIndex at = m_filter.indexOfKey(key);
    if (!at.isValid())
        return;
    setCurrentIndex(at);
    scrollTo(at, QAbstractItemView::EnsureVisible);
}

void LiveTable::showEvent(QShowEvent* event) {
    m_tick.start();
    QTableView::showEvent(event);
}

void LiveTable::hideEvent(QHideEvent* event) {
    m_tick.stop();
    QTableView::hideEvent(event);
}

void LiveTable::resizeEvent(QResizeEvent* event) {
    QTableView::resizeEvent(event);
    fitColumns();
}

} // namespace clawloops::gui
