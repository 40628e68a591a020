// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/share_bar.h"

#include <QPainter>
#include <QPainterPath>

namespace clawloops::gui {

void paintShare(QPainter& painter, const QRectF& area, const Share& share, const Theme& theme, bool dimmed) {
    const QRectF track(area.left(), area.center().y() - 4, area.width(), 8);
    const QColor colour = dimmed ? theme.muted : share.isGone() ? theme.bad : share.isNearlyGone() ? theme.warn : theme.accent;
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    QPainterPath round;
    round.addRoundedRect(track, 4, 4);
    painter.fillPath(round, theme.line);
    painter.setClipPath(round);
    const double spent = share.spent > 0 ? std::max(2.0, track.width() * share.spent) : 0; // the first cent is seen too
    painter.fillRect(QRectF(track.left(), track.top(), spent, track.height()), colour);
    QColor light = colour;
    light.setAlphaF(0.45F);
    painter.fillRect(QRectF(track.left() + spent, track.top(), track.width() * share.reserved, track.height()), light);
    painter.restore();
}

} // namespace clawloops::gui
