// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/state_view.h"
#include "widgets/theme.h"

#include <QRectF>
#include <QWidget>

class QPainter;

namespace clawloops::gui {

[[nodiscard]] const QColor& stateColour(StateKind kind, const Theme& theme);
// The state's shape, ten pixels across, centred: ● ◐ ❚❚ ○ ⋯ ▲ ✕ ? ❄, drawn so that it is the same with every font.
void paintStateShape(QPainter& painter, QPointF centre, StateKind kind, const QColor& colour);
// Shape and word in one row, elided on the right.
void paintState(QPainter& painter, const QRectF& area, const StateView& state, const Theme& theme, const QFont& font, bool dimmed = false);

// A state as a widget: shape and word, the sentence in the tooltip.
class StateLabel : public QWidget {
    Q_OBJECT
public:
    explicit StateLabel(QWidget* parent = nullptr);
    void setState(const StateView& state);
    void setTrailing(bool trailing) { m_trailing = trailing; } // keeps to the right of its place
    [[nodiscard]] const StateView& state() const { return m_state; }
    [[nodiscard]] QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    StateView m_state;
    bool m_trailing = false;
};

} // namespace clawloops::gui
