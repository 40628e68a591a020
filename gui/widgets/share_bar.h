// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/share.h"
#include "widgets/theme.h"

#include <QRectF>

class QPainter;

namespace clawloops::gui {

// How much of a limit is gone, as a bar: spent in full colour, what is reserved by requests under way lighter beside it. From
// four fifths on in the colour of attention, at the limit in that of trouble; whoever paints it writes the figures beside it.
void paintShare(QPainter& painter, const QRectF& area, const Share& share, const Theme& theme, bool dimmed = false);

} // namespace clawloops::gui
