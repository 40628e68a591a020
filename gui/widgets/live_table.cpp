// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/live_table.h"

#include "models/filter_model.h"
#include "widgets/figures.h"
#include "widgets/share_bar.h"
#include "widgets/state_painter.h"
#include "widgets/theme.h"

#include <QAction>
#include <QClipboard>
#include <QContextMenuEvent>
#include <QGuiApplication>
#include <QHeaderView>
#include <QMenu>
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
    const QVariant share = index.data(ShareRole);
    if (state.isValid()) {
        paintState(*painter, inner, state.value<StateView>(), theme, option.font, m_dimmed);
    } else if (share.isValid()) {
        paintShare(*painter, inner, share.value<Share>(), theme, m_dimmed);
    } else {
        QFont font = option.font;
        if (index.column() == 0)
            font.setWeight(QFont::DemiBold);
        painter->setFont(font);
        painter->setPen(m_dimmed || m_muted.contains(index.column()) ? theme.muted : theme.text);
        const Qt::Alignment alignment(index.data(Qt::TextAlignmentRole).toInt());
        const QString text = index.data(Qt::DisplayRole).toString();
        if (alignment & Qt::AlignRight)
            paintFigures(*painter, inner, alignment, text);
        else
            painter->drawText(inner, int(alignment), QFontMetricsF(font).elidedText(text, Qt::ElideRight, inner.width()));
    }
    if (option.state & QStyle::State_HasFocus) {
        painter->setPen(QPen(theme.accent, 1));
        painter->drawRect(option.rect.adjusted(0, 0, -1, -1));
    }
    painter->restore();
}

QSize CellDelegate::sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const {
    return {QStyledItemDelegate::sizeHint(option, index).width() + 16, Theme::rowHeight()};
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
    verticalHeader()->setMinimumSectionSize(Theme::rowHeight());
    verticalHeader()->setDefaultSectionSize(Theme::rowHeight());
    horizontalHeader()->setHighlightSections(false);
    horizontalHeader()->setFixedHeight(Theme::px(30));
    horizontalHeader()->setMinimumSectionSize(40);
    setSortingEnabled(true);
    sortByColumn(0, Qt::AscendingOrder);
    // "since" columns count on: the model computes them when asked, so a repaint of what is visible is enough.
    m_tick.setInterval(1000);
    connect(&m_tick, &QTimer::timeout, viewport(), qOverload<>(&QWidget::update));
    connect(selectionModel(), &QItemSelectionModel::selectionChanged, this, &LiveTable::selectionMoved);
    auto* copy = new QAction(tr("Copy"), this);
    copy->setShortcut(QKeySequence::Copy);
    copy->setShortcutContext(Qt::WidgetShortcut);
    connect(copy, &QAction::triggered, this, &LiveTable::copyRows);
    addAction(copy);
    m_copy.append(copy);
    connect(this, &QTableView::activated, this, [this](const QModelIndex& at) { Q_EMIT activatedKey(at.data(KeyRole).toString()); });
}

void LiveTable::setColumns(const QList<int>& widths, int stretched) {
    m_widths = widths;
    for (int& width : m_widths)
        width = Theme::px(width);
    m_stretched = stretched;
    fitColumns();
}

void LiveTable::fitColumns() {
    int rest = viewport()->width();
    for (const int width : m_widths)
        rest -= width;
    QList<int> left; // out, for want of room
    for (const int column : std::as_const(m_optional)) {
        if (rest >= 0)
            break;
        rest += m_widths[column];
        left.append(column);
    }
    for (int i = 0; i < m_widths.size(); ++i)
        setColumnHidden(i, m_widths[i] == 0 || left.contains(i));
    if (m_stretched >= 0)
        rest += m_widths[m_stretched];
    for (int i = 0; i < m_widths.size(); ++i)
        setColumnWidth(i, i == m_stretched ? std::max(m_widths[i], rest) : m_widths[i]);
}

void LiveTable::setMuted(const QList<int>& columns) {
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

QAction* LiveTable::addCopy(const QString& text, std::function<QString(const QString& key)> what) {
    auto* copy = new QAction(text, this);
    connect(copy, &QAction::triggered, this, [this, what = std::move(what)] {
        QStringList lines;
        for (const QString& key : selectedKeys())
            lines += what(key);
        QGuiApplication::clipboard()->setText(lines.join(u'\n'));
    });
    m_copy.append(copy);
    return copy;
}

// The selected rows as text with tabs, as a spreadsheet takes them.
void LiveTable::copyRows() const {
    QStringList lines;
    for (const QModelIndex& row : selectionModel()->selectedRows()) {
        QStringList cells;
        for (int i = 0; i < m_filter.columnCount(); ++i)
            if (!isColumnHidden(i))
                cells += row.siblingAtColumn(i).data().toString();
        lines += cells.join(u'\t');
    }
    QGuiApplication::clipboard()->setText(lines.join(u'\n'));
}

void LiveTable::contextMenuEvent(QContextMenuEvent* event) {
    const bool mouse = event->reason() == QContextMenuEvent::Mouse;
    const QModelIndex at = mouse ? indexAt(viewport()->mapFromGlobal(event->globalPos())) : currentIndex();
    if (!at.isValid() || !selectionModel()->isRowSelected(at.row()))
        return;
    auto* menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    for (QAction* action : std::as_const(m_menu))
        if (action->isVisible() && action->isEnabled())
            menu->addAction(action);
    menu->addSeparator();
    menu->addActions(m_copy);
    menu->popup(mouse ? event->globalPos() : viewport()->mapToGlobal(visualRect(at).bottomLeft()));
}

QString LiveTable::sorting() const {
    return QStringLiteral("%1 %2").arg(horizontalHeader()->sortIndicatorSection()).arg(
        horizontalHeader()->sortIndicatorOrder() == Qt::AscendingOrder ? QStringLiteral("ascending") : QStringLiteral("descending"));
}

void LiveTable::setSorting(const QString& kept) {
    bool number = false;
    const int column = kept.section(u' ', 0, 0).toInt(&number);
    if (number && column >= 0 && column < m_filter.columnCount())
        sortByColumn(column, kept.endsWith(QLatin1String("descending")) ? Qt::DescendingOrder : Qt::AscendingOrder);
}

void LiveTable::showEvent(QShowEvent* event) {
    m_tick.start();
    QTableView::showEvent(event);
}

void LiveTable::hideEvent(QHideEvent* event) {
    m_tick.stop();
    QTableView::hideEvent(event);
}

void LiveTable::paintEvent(QPaintEvent* event) {
    QTableView::paintEvent(event);
    if (m_filter.rowCount() > 0 || !m_filter.isFiltering())
        return;
    QPainter painter(viewport());
    painter.setPen(Theme::of(palette()).muted);
    painter.drawText(viewport()->rect().adjusted(16, 24, -16, -16), Qt::AlignHCenter | Qt::AlignTop | Qt::TextWordWrap,
                     tr("Nothing matches: there are rows, but none that the filter lets through."));
}

void LiveTable::resizeEvent(QResizeEvent* event) {
    QTableView::resizeEvent(event);
    fitColumns();
}

} // namespace clawloops::gui
