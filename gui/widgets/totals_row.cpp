// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/totals_row.h"

#include "widgets/figures.h"
#include "widgets/theme.h"

#include <QHeaderView>
#include <QHelpEvent>
#include <QPainter>
#include <QTableView>
#include <QToolTip>

namespace clawloops::gui {

TotalsRow::TotalsRow(QTableView& table, QWidget* parent) : QWidget(parent), m_table(table) {
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    connect(table.horizontalHeader(), &QHeaderView::sectionResized, this, qOverload<>(&QWidget::update));
    connect(table.horizontalHeader(), &QHeaderView::sectionMoved, this, qOverload<>(&QWidget::update));
}

QSize TotalsRow::sizeHint() const { return {200, Theme::px(32)}; }

void TotalsRow::set(const QStringList& texts, const QStringList& hints) {
    m_texts = texts;
    m_hints = hints;
    setAccessibleName(texts.join(QStringLiteral(", ")));
    update();
}

QRectF TotalsRow::place(int column) const {
    const QHeaderView* header = m_table.horizontalHeader();
    if (header->isSectionHidden(column))
        return {};
    return QRectF(header->sectionViewportPosition(column), 0, header->sectionSize(column), height());
}

void TotalsRow::paintEvent(QPaintEvent*) {
    const Theme& theme = Theme::of(palette());
    QPainter painter(this);
    painter.fillRect(rect(), theme.surface);
    painter.fillRect(QRect(0, 0, width(), 1), theme.line);
    QFont strong = font();
    strong.setWeight(QFont::DemiBold);
    painter.setFont(strong);
    painter.setPen(m_dimmed ? theme.muted : theme.text);
    for (int column = 0; column < m_texts.size(); ++column) {
        const QRectF area = place(column).adjusted(column == 0 ? 16 : 8, 0, -8, 0);
        if (area.width() > 0)
            paintFigures(painter, area, Qt::AlignVCenter | (column == 0 ? Qt::AlignLeft : Qt::AlignRight), m_texts[column]);
    }
}

bool TotalsRow::event(QEvent* event) {
    if (event->type() != QEvent::ToolTip)
        return QWidget::event(event);
    const auto* help = static_cast<QHelpEvent*>(event);
    QString hint;
    for (int column = 0; column < m_hints.size(); ++column)
        if (place(column).contains(help->pos()))
            hint = m_hints[column];
    QToolTip::showText(help->globalPos(), hint, this);
    return true;
}

} // namespace clawloops::gui
