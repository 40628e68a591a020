// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QRectF>
#include <QString>
#include <Qt>

class QPainter;

namespace clawloops::gui {

// Draws one line with every digit as wide as the widest, so that figures stand under each other with any font; cut on the
// right with an ellipsis where there is no room.
void paintFigures(QPainter& painter, const QRectF& area, Qt::Alignment alignment, const QString& text);

} // namespace clawloops::gui
