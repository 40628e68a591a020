// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "shell/navigation.h"

#include "models/state_view.h"
#include "widgets/state_painter.h"
#include "widgets/theme.h"

#include <QPainter>
#include <QStyledItemDelegate>

namespace clawloops::gui {

namespace {

enum { CountRole = Qt::UserRole + 1, AttentionRole };

class NavigationDelegate : public QStyledItemDelegate {
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    [[nodiscard]] QSize sizeHint(const QStyleOptionViewItem&, const QModelIndex&) const override { return {Theme::px(120), Theme::px(32)}; }

    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override {
        const Theme& theme = Theme::of(option.palette);
        const bool selected = option.state & QStyle::State_Selected;
        painter->save();
        painter->setRenderHint(QPainter::Antialiasing);
        const QRectF row = QRectF(option.rect).adjusted(8, 1, -8, -1);
        if (selected || option.state & QStyle::State_MouseOver) {
            painter->setPen(Qt::NoPen);
            painter->setBrush(selected ? theme.selection : theme.line);
            painter->drawRoundedRect(row, Theme::radius, Theme::radius);
        }
        if (option.state & QStyle::State_HasFocus) {
            painter->setPen(QPen(theme.accent, 1));
            painter->setBrush(Qt::NoBrush);
            painter->drawRoundedRect(row.adjusted(0.5, 0.5, -0.5, -0.5), Theme::radius, Theme::radius);
        }
        QFont font = option.font;
        font.setWeight(selected ? QFont::DemiBold : QFont::Normal);
        painter->setFont(font);
        painter->setPen(selected ? theme.accent : theme.text);
        painter->drawText(row.adjusted(10, 0, -10, 0), Qt::AlignVCenter | Qt::AlignLeft, index.data().toString());
        font.setWeight(QFont::Normal);
        font.setPixelSize(Theme::smallText());
        painter->setFont(font);
        const int count = index.data(CountRole).toInt();
        const int attention = index.data(AttentionRole).toInt();
        QRectF right = row.adjusted(10, 0, -10, 0);
        if (count >= 0) {
            painter->setPen(theme.muted);
            painter->drawText(right, Qt::AlignVCenter | Qt::AlignRight, countText(count));
            right.setRight(right.right() - QFontMetricsF(font).horizontalAdvance(countText(count)) - 10);
        }
        if (attention > 0) {
            const QString text = countText(attention);
            painter->setPen(theme.bad);
            painter->drawText(right, Qt::AlignVCenter | Qt::AlignRight, text);
            paintStateShape(*painter, QPointF(right.right() - QFontMetricsF(font).horizontalAdvance(text) - 9, row.center().y()),
                            StateKind::Error, theme.bad);
        }
        painter->restore();
    }
};

} // namespace

Navigation::Navigation(QWidget* parent) : QListView(parent) {
    setModel(&m_items);
    setItemDelegate(new NavigationDelegate(this));
    setAccessibleName(tr("Pages"));
    setMouseTracking(true);
    setFrameShape(QFrame::NoFrame);
    setEditTriggers(QAbstractItemView::NoEditTriggers);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setFixedWidth(Theme::px(168));
    setStyleSheet(QStringLiteral("QListView { background: palette(window); padding-top: 8px; }"));
}

void Navigation::add(const QString& title) {
    auto* item = new QStandardItem(title);
    item->setData(-1, CountRole);
    m_items.appendRow(item);
}

void Navigation::setCount(int row, int count, int attention) {
    QStandardItem* item = m_items.item(row);
    item->setData(count, CountRole);
    item->setData(attention, AttentionRole);
    item->setData(attention > 0 ? tr("%1, %2 need attention").arg(item->text()).arg(attention) : item->text(), Qt::AccessibleTextRole);
}

void Navigation::setCurrentRow(int row) { setCurrentIndex(m_items.index(row, 0)); }

void Navigation::currentChanged(const QModelIndex& current, const QModelIndex& previous) {
    QListView::currentChanged(current, previous);
    if (current.isValid())
        Q_EMIT rowChosen(current.row());
}

} // namespace clawloops::gui
