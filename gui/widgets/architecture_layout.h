// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>
#include <QPointF>
#include <QRectF>
#include <QSizeF>
#include <QString>

namespace clawloops::gui {

// Where the boxes of the architecture lie and which lines join them: pure geometry for a given width.
//
//   Browsers → Traefik → Control plane → Orchestrator → Runtime manager → ┌ Cells ┐
//                 ↓            ↓                                          │ ● ● ◐ │
//                 ↓        PostgreSQL                                     │       │
//               Relay ──────────────────────────────────────────────────→ └───────┘
//                                  Starter model ← LiteLLM ← Gateway ←────────┘
struct ArchitectureLayout {
    struct Box {
        QString id; // the component's name; "browsers", "orchestrator" and "cells" are no components of their own
        QString title;
        QRectF area;
    };
    struct Line {
        QString from;
        QString to;
        QList<QPointF> points; // the last one is the arrow's head
    };
    QList<Box> boxes; // in reading order, which is the order of the keyboard
    QList<Line> lines;
    QSizeF size;

    [[nodiscard]] static ArchitectureLayout of(double width, double scale = 1); // scale: of the text in the boxes
    [[nodiscard]] const Box* find(const QString& id) const;
    [[nodiscard]] const Box* at(QPointF point) const;

    static constexpr double boxHeight = 54; // at scale 1, as the other two
    static constexpr double rowGap = 38; // room for a sick box's sentence
    static constexpr double columnGap = 22;
    static constexpr double comfortable = 6 * 112 + 5 * 12; // from this width on no title is cut
};

} // namespace clawloops::gui
