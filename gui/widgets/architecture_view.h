// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/health_board.h"
#include "widgets/architecture_layout.h"

#include <QTimer>
#include <QWidget>

namespace clawloops::gui {

struct Theme;

// The architecture with the health that each part really has. A box that is not well is outlined in its state's colour and
// says its sentence below it. Arrow keys move between the boxes, a click or a key selects one.
class ArchitectureView : public QWidget {
    Q_OBJECT
public:
    ArchitectureView(const LiveData& live, const HealthBoard& health, QWidget* parent = nullptr);

    [[nodiscard]] StateView stateOf(const QString& id) const; // what the box shows
    [[nodiscard]] QString selected() const { return m_selected; }
    void select(const QString& id);
    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override { return sizeHint(); }
    [[nodiscard]] QRect boxArea(const QString& id) const; // for tests

Q_SIGNALS:
    void selectedChanged(const QString& id);

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    bool event(QEvent* event) override;

private:
    void paintLine(QPainter& painter, const ArchitectureLayout::Line& line, const Theme& theme) const;
    void paintBox(QPainter& painter, const ArchitectureLayout::Box& box, const Theme& theme) const;
    void paintCells(QPainter& painter, const QRectF& area, const Theme& theme) const;
    [[nodiscard]] QString caption(const QString& id) const; // for boxes without a state
    [[nodiscard]] QPointF origin() const;
    void describeForReaders();

    const LiveData& m_data;
    const HealthBoard& m_health;
    [[nodiscard]] double px(int pixels) const { return pixels * m_scale; }
    void fit();

    double m_scale = 1; // of the text: the system's where there is room, never below 1
    ArchitectureLayout m_layout;
    QString m_selected;
    QString m_hovered;
    QTimer m_tick;
};

} // namespace clawloops::gui
