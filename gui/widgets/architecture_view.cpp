// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/architecture_view.h"

#include "widgets/state_painter.h"
#include "widgets/theme.h"

#include <QHelpEvent>
#include <QKeyEvent>
#include <QPainter>
#include <QPainterPath>
#include <QTextLayout>
#include <QToolTip>
#include <algorithm>
#include <cmath>

namespace clawloops::gui {

namespace {

bool isSick(const StateView& state) {
    return state.kind != StateKind::Running && state.kind != StateKind::Unknown && state.kind != StateKind::Paused;
}

// What does not fit into two lines ends in an ellipsis; the inspector has the whole sentence.
QStringList inTwoLines(const QString& text, const QFont& font, double width) {
    QTextLayout layout(text, font);
    layout.beginLayout();
    QTextLine first = layout.createLine();
    first.setLineWidth(width);
    layout.endLayout();
    const QString head = text.left(first.textLength()).trimmed();
    const QString rest = text.mid(first.textLength()).trimmed();
    return rest.isEmpty() ? QStringList{head} : QStringList{head, QFontMetricsF(font).elidedText(rest, Qt::ElideRight, width)};
}

} // namespace

ArchitectureView::ArchitectureView(const LiveData& live, const HealthBoard& health, QWidget* parent)
    : QWidget(parent), m_data(live), m_health(health), m_layout(ArchitectureLayout::of(860)) {
    setFocusPolicy(Qt::StrongFocus);
    setMouseTracking(true);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setAccessibleName(tr("Architecture"));
    connect(&health, &HealthBoard::changed, this, [this] {
        describeForReaders();
        update();
    });
    m_tick.setInterval(1000);
    connect(&m_tick, &QTimer::timeout, this, [this] {
        if (isVisible())
            update();
    });
    m_tick.start();
}

QSize ArchitectureView::sizeHint() const { return {540, int(m_layout.size.height()) + 2}; }

QPointF ArchitectureView::origin() const { return {std::floor(std::max(0.0, (width() - m_layout.size.width()) / 2)) + 0.5, 1.5}; }

QRect ArchitectureView::boxArea(const QString& id) const {
    const auto* box = m_layout.find(id);
    return box ? box->area.translated(origin()).toRect() : QRect();
}

StateView ArchitectureView::stateOf(const QString& id) const {
    if (id == QLatin1String("browsers"))
        return {StateKind::Unknown, {}, {}, {}};
    if (id == QLatin1String("orchestrator")) { // lives in the control plane: no health of its own to be sick with
        const StateView home = m_health.of(QStringLiteral("clawloopsd"));
        if (home.kind == StateKind::Running)
            return home;
        return {StateKind::Unknown, tr("in control plane"), tr("It runs inside the control plane."), home.since};
    }
    if (id == QLatin1String("cells")) {
        if (!m_health.isKnown())
            return {StateKind::Unknown, tr("unknown"), {}, {}};
        const int bad = m_data.runtimes.attention();
        if (bad > 0)
            return {StateKind::Attention, tr("%1 of %2 in trouble").arg(bad).arg(m_data.runtimes.rowCount()), {}, {}};
        if (m_data.runtimes.rowCount() == 0)
            return {StateKind::Stopped, tr("none yet"), {}, {}};
        int running = 0;
        for (const RuntimeRow& one : m_data.runtimes.rows())
            running += describe(one).kind == StateKind::Running ? 1 : 0;
        return {running > 0 ? StateKind::Running : StateKind::Stopped, tr("%1 of %2 running").arg(running).arg(m_data.runtimes.rowCount()), {}, {}};
    }
    return m_health.of(id);
}

QString ArchitectureView::caption(const QString& id) const {
    if (id == QLatin1String("browsers"))
        return tr("portal, chats");
    return {};
}

void ArchitectureView::paintEvent(QPaintEvent*) {
    const Theme& theme = Theme::of(palette());
    QPainter painter(this);
    painter.fillRect(rect(), theme.surface);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.translate(origin());
    for (const auto& line : m_layout.lines)
        paintLine(painter, line, theme);
    for (const auto& box : m_layout.boxes)
        paintBox(painter, box, theme);
}

void ArchitectureView::paintLine(QPainter& painter, const ArchitectureLayout::Line& line, const Theme& theme) const {
    const bool lit = !m_selected.isEmpty() && (line.from == m_selected || line.to == m_selected);
    const QColor colour = lit ? theme.accent : theme.muted;
    painter.setBrush(Qt::NoBrush);
    QColor stroke = colour;
    stroke.setAlphaF(lit ? 1.0F : 0.55F);
    painter.setPen(QPen(stroke, lit ? 1.6 : 1.2));
    QPainterPath path(line.points.first());
    for (qsizetype i = 1; i < line.points.size(); ++i)
        path.lineTo(line.points[i]);
    painter.drawPath(path);
    const QPointF tip = line.points.last();
    const QPointF before = line.points[line.points.size() - 2];
    const double length = std::hypot(tip.x() - before.x(), tip.y() - before.y());
    const QPointF along = (tip - before) / length;
    const QPointF side(-along.y(), along.x());
    QPainterPath head(tip);
    head.lineTo(tip - along * 7 + side * 3.6);
    head.lineTo(tip - along * 7 - side * 3.6);
    head.closeSubpath();
    painter.fillPath(head, stroke);
}

void ArchitectureView::paintBox(QPainter& painter, const ArchitectureLayout::Box& box, const Theme& theme) const {
    const StateView state = stateOf(box.id);
    const bool selected = box.id == m_selected;
    const bool sick = isSick(state) && box.id != QLatin1String("cells");
    const QColor outline = sick ? stateColour(state.kind, theme) : selected ? theme.accent : theme.line;
    painter.setPen(QPen(outline, sick ? 2.0 : selected ? 1.6 : 1.2));
    painter.setBrush(selected ? theme.selection : box.id == m_hovered ? theme.hover : theme.surface);
    painter.drawRoundedRect(box.area, Theme::radius, Theme::radius);
    if (selected && hasFocus()) {
        painter.setBrush(Qt::NoBrush);
        painter.setPen(QPen(theme.accent, 1, Qt::DotLine));
        painter.drawRoundedRect(box.area.adjusted(-3, -3, 3, 3), Theme::radius + 2, Theme::radius + 2);
    }
    QFont title = font();
    title.setPixelSize(int(px(13)));
    title.setWeight(QFont::DemiBold);
    QFont small = font();
    small.setPixelSize(int(px(12)));
    const QRectF inner = box.area.adjusted(9, 8, -3, -8);
    if (QFontMetricsF(title).horizontalAdvance(box.title) > inner.width())
        title.setPixelSize(int(px(12)));
    painter.setFont(title);
    painter.setPen(theme.text);
    const double high = px(18);
    const QRectF first(inner.left(), inner.top(), inner.width(), high);
    painter.drawText(first, Qt::AlignLeft | Qt::AlignVCenter, QFontMetricsF(title).elidedText(box.title, Qt::ElideRight, first.width()));
    const QRectF second(inner.left(), inner.top() + px(20), inner.width(), high);
    if (const QString text = caption(box.id); !text.isEmpty()) {
        painter.setFont(small);
        painter.setPen(theme.muted);
        painter.drawText(second, Qt::AlignLeft | Qt::AlignVCenter, QFontMetricsF(small).elidedText(text, Qt::ElideRight, second.width()));
    } else {
        StateView shown = state;
        if (state.kind == StateKind::Starting && state.since.isValid())
            shown.word += u' ' + sinceText(state.since);
        paintState(painter, second.adjusted(-1, 0, 0, 0), shown, theme, small);
    }
    if (box.id == QLatin1String("cells"))
        return paintCells(painter, inner.adjusted(0, px(46), 0, 0), theme);
    if (!sick || state.sentence.isEmpty())
        return;
    const QRectF below(box.area.left(), box.area.bottom() + 4, box.area.width() + 10, px(34));
    painter.setFont(small);
    const QStringList lines = inTwoLines(unbroken(state.sentence), small, below.width());
    const QFontMetricsF metrics(small);
    double y = below.top();
    for (const QString& line : lines) {
        const QRectF row(below.left(), y, metrics.horizontalAdvance(line) + 2, metrics.height());
        painter.fillRect(row.adjusted(-2, 0, 2, 0), theme.surface); // a line of the diagram may pass here
        painter.setPen(outline);
        painter.drawText(row, int(Qt::AlignLeft | Qt::AlignVCenter | Qt::TextDontClip), line);
        y += metrics.height();
    }
}

void ArchitectureView::paintCells(QPainter& painter, const QRectF& area, const Theme& theme) const {
    const int count = m_data.runtimes.rowCount();
    if (count == 0) {
        QFont small = font();
        small.setPixelSize(int(px(12)));
        painter.setFont(small);
        painter.setPen(theme.muted);
        painter.drawText(area, int(Qt::AlignLeft | Qt::AlignTop | Qt::TextWordWrap), tr("A dot appears for each workspace that is opened."));
        return;
    }
    // The pitch shrinks with the number of cells; what does not fit at 5 px is said as a number.
    double pitch = 16;
    const auto fits = [&](double p) { return std::floor(area.width() / p) * std::floor(area.height() / p); };
    while (pitch > 5 && fits(pitch) < count)
        pitch -= 0.5;
    const int columns = std::max(1, int(area.width() / pitch));
    const int shown = std::min(count, int(fits(pitch)) - (fits(pitch) < count ? columns * 4 : 0));
    for (int i = 0; i < shown; ++i) {
        const StateView state = m_health.isKnown() ? describe(m_data.runtimes.row(i)) : StateView{};
        const QPointF centre(area.left() + (i % columns + 0.5) * pitch - (pitch >= 12 ? 3 : 0), area.top() + (double(i / columns) + 0.5) * pitch);
        if (pitch >= 12)
            paintStateShape(painter, centre, state.kind, stateColour(state.kind, theme));
        else
            painter.fillRect(QRectF(centre.x() - pitch * 0.35, centre.y() - pitch * 0.35, pitch * 0.7, pitch * 0.7),
                             stateColour(state.kind, theme));
    }
    if (shown < count) {
        painter.setPen(theme.muted);
        painter.drawText(area, int(Qt::AlignLeft | Qt::AlignBottom), tr("and %1 more").arg(count - shown));
    }
}

void ArchitectureView::resizeEvent(QResizeEvent*) { fit(); }

void ArchitectureView::fit() {
    m_scale = std::clamp((width() - 2) / ArchitectureLayout::comfortable, 1.0, Theme::px(100) / 100.0);
    m_layout = ArchitectureLayout::of(width() - 2, m_scale);
    updateGeometry(); // the height follows the scale
}

void ArchitectureView::select(const QString& id) {
    if (m_selected == id)
        return;
    m_selected = id;
    update();
    Q_EMIT selectedChanged(id);
}

void ArchitectureView::mousePressEvent(QMouseEvent* event) {
    const auto* box = m_layout.at(event->position() - origin());
    select(box ? box->id : QString());
}

void ArchitectureView::mouseMoveEvent(QMouseEvent* event) {
    const auto* box = m_layout.at(event->position() - origin());
    const QString id = box ? box->id : QString();
    if (id != m_hovered) {
        m_hovered = id;
        update();
    }
}

void ArchitectureView::leaveEvent(QEvent*) {
    m_hovered.clear();
    update();
}

void ArchitectureView::focusInEvent(QFocusEvent* event) {
    if (m_selected.isEmpty() && event->reason() != Qt::MouseFocusReason)
        select(m_layout.boxes[1].id);
    update();
}

void ArchitectureView::keyPressEvent(QKeyEvent* event) {
    const auto* from = m_layout.find(m_selected);
    const QPointF way = event->key() == Qt::Key_Left    ? QPointF(-1, 0)
                        : event->key() == Qt::Key_Right ? QPointF(1, 0)
                        : event->key() == Qt::Key_Up    ? QPointF(0, -1)
                        : event->key() == Qt::Key_Down  ? QPointF(0, 1)
                                                        : QPointF();
    if (way.isNull())
        return QWidget::keyPressEvent(event);
    if (!from)
        return select(m_layout.boxes.first().id);
    const ArchitectureLayout::Box* best = nullptr;
    double bestCost = 1e9;
    for (const auto& box : m_layout.boxes) {
        const QPointF step = box.area.center() - from->area.center();
        const double along = QPointF::dotProduct(step, way);
        const double aside = std::abs(QPointF::dotProduct(step, QPointF(-way.y(), way.x())));
        if (along < 1 || aside > along * 2)
            continue;
        if (along + aside * 2 < bestCost) {
            bestCost = along + aside * 2;
            best = &box;
        }
    }
    if (best)
        select(best->id);
}

bool ArchitectureView::event(QEvent* event) {
    if (event->type() == QEvent::ToolTip) {
        auto* help = static_cast<QHelpEvent*>(event);
        const auto* box = m_layout.at(QPointF(help->pos()) - origin());
        if (!box) {
            QToolTip::hideText();
            return true;
        }
        const StateView state = stateOf(box->id);
        QString text = box->title + (state.word.isEmpty() ? QString() : QLatin1String(": ") + state.word);
        if (!state.sentence.isEmpty())
            text += u'\n' + state.sentence;
        if (state.since.isValid())
            text += u'\n' + tr("Since %1").arg(momentText(state.since));
        QToolTip::showText(help->globalPos(), text, this);
        return true;
    }
    return QWidget::event(event);
}

void ArchitectureView::describeForReaders() {
    QStringList parts;
    for (const auto& box : m_layout.boxes)
        if (const StateView state = stateOf(box.id); !state.word.isEmpty())
            parts += box.title + QLatin1String(": ") + state.word;
    setAccessibleDescription(parts.join(QStringLiteral(", ")));
}

} // namespace clawloops::gui
