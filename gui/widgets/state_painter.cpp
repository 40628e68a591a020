// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/state_painter.h"

#include <QFontMetricsF>
#include <QPainter>
#include <QPainterPath>
#include <cmath>

namespace clawloops::gui {

const QColor& stateColour(StateKind kind, const Theme& theme) {
    switch (kind) {
    case StateKind::Running: return theme.ok;
    case StateKind::Starting:
    case StateKind::Waiting: return theme.busy;
    case StateKind::Attention: return theme.warn;
    case StateKind::Error: return theme.bad;
    default: return theme.quiet;
    }
}

void paintStateShape(QPainter& painter, QPointF c, StateKind kind, const QColor& colour) {
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    QPen pen(colour, 1.6, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin);
    const QRectF circle(c.x() - 4.2, c.y() - 4.2, 8.4, 8.4);
    switch (kind) {
    case StateKind::Running:
        painter.setPen(Qt::NoPen);
        painter.setBrush(colour);
        painter.drawEllipse(QRectF(c.x() - 4.6, c.y() - 4.6, 9.2, 9.2));
        break;
    case StateKind::Starting:
        painter.setPen(pen);
        painter.setBrush(Qt::NoBrush);
        painter.drawEllipse(circle);
        painter.setPen(Qt::NoPen);
        painter.setBrush(colour);
        painter.drawPie(circle, 90 * 16, 180 * 16);
        break;
    case StateKind::Paused:
        painter.setPen(Qt::NoPen);
        painter.setBrush(colour);
        painter.drawRoundedRect(QRectF(c.x() - 3.8, c.y() - 4.4, 2.8, 8.8), 0.8, 0.8);
        painter.drawRoundedRect(QRectF(c.x() + 1.0, c.y() - 4.4, 2.8, 8.8), 0.8, 0.8);
        break;
    case StateKind::Stopped:
        painter.setPen(pen);
        painter.setBrush(Qt::NoBrush);
        painter.drawEllipse(circle);
        break;
    case StateKind::Waiting:
        painter.setPen(Qt::NoPen);
        painter.setBrush(colour);
        for (int i = -1; i <= 1; ++i)
            painter.drawEllipse(QPointF(c.x() + i * 4.0, c.y()), 1.4, 1.4);
        break;
    case StateKind::Attention: {
        QPainterPath path;
        path.moveTo(c.x(), c.y() - 4.6);
        path.lineTo(c.x() + 5.0, c.y() + 4.0);
        path.lineTo(c.x() - 5.0, c.y() + 4.0);
        path.closeSubpath();
        painter.fillPath(path, colour);
        break;
    }
    case StateKind::Error:
        pen.setWidthF(2.2);
        painter.setPen(pen);
        painter.drawLine(QPointF(c.x() - 3.5, c.y() - 3.5), QPointF(c.x() + 3.5, c.y() + 3.5));
        painter.drawLine(QPointF(c.x() - 3.5, c.y() + 3.5), QPointF(c.x() + 3.5, c.y() - 3.5));
        break;
    case StateKind::Unknown: {
        QFont font = painter.font();
        font.setPixelSize(Theme::bodyText());
        font.setWeight(QFont::DemiBold);
        painter.setFont(font);
        painter.setPen(colour);
        painter.drawText(QRectF(c.x() - 7, c.y() - 9, 14, 18), Qt::AlignCenter, QStringLiteral("?"));
        break;
    }
    case StateKind::Frozen:
        pen.setWidthF(1.4);
        painter.setPen(pen);
        for (int i = 0; i < 3; ++i) {
            const double angle = M_PI / 3 * i + M_PI / 2;
            const QPointF arm(std::cos(angle) * 5, std::sin(angle) * 5);
            painter.drawLine(c - arm, c + arm);
        }
        break;
    }
    painter.restore();
}

void paintState(QPainter& painter, const QRectF& area, const StateView& state, const Theme& theme, const QFont& font, bool dimmed) {
    const QColor colour = dimmed ? theme.muted : stateColour(state.kind, theme);
    paintStateShape(painter, QPointF(area.left() + 6, area.center().y()), state.kind, colour);
    painter.save();
    painter.setFont(font);
    painter.setPen(dimmed ? theme.muted : (state.kind == StateKind::Stopped || state.kind == StateKind::Paused ? theme.muted : colour));
    const QRectF text = area.adjusted(18, 0, 0, 0);
    const QFontMetricsF metrics(font);
    painter.drawText(text, Qt::AlignVCenter | Qt::AlignLeft, metrics.elidedText(state.word, Qt::ElideRight, text.width()));
    painter.restore();
}

StateLabel::StateLabel(QWidget* parent) : QWidget(parent) { setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed); }

void StateLabel::setState(const StateView& state) {
    if (m_state == state)
        return;
    m_state = state;
    setToolTip(state.sentence);
    setAccessibleName(state.word);
    updateGeometry();
    update();
}

QSize StateLabel::sizeHint() const {
    return {22 + int(std::ceil(QFontMetricsF(font()).horizontalAdvance(m_state.word))), Theme::px(20)};
}

void StateLabel::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    QRectF area = rect();
    if (m_trailing)
        area.setLeft(std::max(area.left(), area.right() - sizeHint().width()));
    paintState(painter, area, m_state, Theme::of(palette()), font());
}

} // namespace clawloops::gui
