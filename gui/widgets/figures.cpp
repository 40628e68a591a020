// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/figures.h"

#include <QFontMetricsF>
#include <QPainter>
#include <algorithm>

namespace clawloops::gui {

void paintFigures(QPainter& painter, const QRectF& area, Qt::Alignment alignment, const QString& text) {
    const QFontMetricsF metrics(painter.font());
    double narrow = 1e6;
    double wide = 0;
    for (char16_t digit = u'0'; digit <= u'9'; ++digit) {
        narrow = std::min(narrow, metrics.horizontalAdvance(QChar(digit)));
        wide = std::max(wide, metrics.horizontalAdvance(QChar(digit)));
    }
    const auto advance = [&](QChar c) { return c.isDigit() ? wide : metrics.horizontalAdvance(c); };
    double width = 0;
    for (const QChar c : text)
        width += advance(c);
    if (wide - narrow < 0.1 || width > area.width()) {
        painter.drawText(area, int(alignment), metrics.elidedText(text, Qt::ElideRight, area.width()));
        return;
    }
    double x = alignment & Qt::AlignRight ? area.right() - width : area.left();
    for (const QChar c : text) {
        const QRectF place(x, area.top(), advance(c), area.height());
        painter.drawText(place, Qt::AlignHCenter | Qt::AlignVCenter | Qt::TextDontClip, QString(c));
        x += advance(c);
    }
}

} // namespace clawloops::gui
