// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/day_chart.h"

#include "widgets/theme.h"

#include <QHelpEvent>
#include <QKeyEvent>
#include <QLocale>
#include <QPainter>
#include <QPainterPath>
#include <QToolTip>
#include <algorithm>
#include <cmath>
#include <limits>

namespace clawloops::gui {

namespace {

QString dayText(QDate day) { return QLocale::c().toString(day, QStringLiteral("d MMM")); }

} // namespace

DayChart::DayChart(QWidget* parent) : QWidget(parent), m_words([](qint64 value) { return QString::number(value); }) {
    setMouseTracking(true);
    setFocusPolicy(Qt::StrongFocus);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setAccessibleName(tr("Use by day"));
}

QSize DayChart::sizeHint() const { return {480, Theme::px(148)}; }

void DayChart::set(std::vector<Day> days, const QString& title, std::function<QString(qint64)> words) {
    m_days = std::move(days);
    m_title = title;
    m_words = std::move(words);
    if (m_pointed >= int(m_days.size()))
        m_pointed = -1;
    setAccessibleDescription(reading());
    update();
}

void DayChart::setDimmed(bool dimmed) {
    m_dimmed = dimmed;
    update();
}

qint64 DayChart::roundScale(qint64 largest) {
    qint64 step = 1;
    for (;;) {
        for (const qint64 factor : {1, 2, 5})
            if (step > (std::numeric_limits<qint64>::max() / 10) || factor * step >= largest)
                return factor * step;
        step *= 10;
    }
}

QRectF DayChart::plot() const { return QRectF(rect()).adjusted(16 + Theme::px(64), Theme::px(26), -16, -Theme::px(24)); }

QRectF DayChart::slot(int day) const {
    const QRectF area = plot();
    const double step = area.width() / std::max<std::size_t>(1, m_days.size());
    return {area.left() + day * step, area.top(), step, area.height()};
}

int DayChart::dayAt(QPointF point) const {
    for (int i = 0; i < int(m_days.size()); ++i)
        if (slot(i).adjusted(0, -Theme::px(26), 0, Theme::px(24)).contains(point))
            return i;
    return -1;
}

QString DayChart::wordsOf(int day) const {
    const Day& one = m_days[std::size_t(day)];
    return tr("%1: %2").arg(QLocale::c().toString(one.date, QStringLiteral("d MMMM yyyy")), m_words(one.value));
}

QString DayChart::reading() const { return m_pointed >= 0 ? wordsOf(m_pointed) : m_title; }

void DayChart::point(int day) {
    if (day == m_pointed)
        return;
    m_pointed = day;
    setAccessibleDescription(reading());
    update();
}

void DayChart::mouseMoveEvent(QMouseEvent* event) { point(dayAt(event->position())); }
void DayChart::leaveEvent(QEvent*) { point(-1); }

void DayChart::focusOutEvent(QFocusEvent* event) {
    point(-1);
    QWidget::focusOutEvent(event);
}

void DayChart::keyPressEvent(QKeyEvent* event) {
    const int last = int(m_days.size()) - 1;
    if (last < 0)
        return QWidget::keyPressEvent(event);
    switch (event->key()) {
    case Qt::Key_Left: return point(m_pointed < 0 ? last : std::max(0, m_pointed - 1));
    case Qt::Key_Right: return point(m_pointed < 0 ? last : std::min(last, m_pointed + 1));
    case Qt::Key_Home: return point(0);
    case Qt::Key_End: return point(last);
    case Qt::Key_Escape: return point(-1);
    default: QWidget::keyPressEvent(event);
    }
}

bool DayChart::event(QEvent* event) {
    if (event->type() == QEvent::ToolTip) {
        const auto* help = static_cast<QHelpEvent*>(event);
        const int day = dayAt(help->pos());
        if (day >= 0)
            QToolTip::showText(help->globalPos(), wordsOf(day), this);
        else
            QToolTip::hideText();
        return true;
    }
    return QWidget::event(event);
}

void DayChart::paintEvent(QPaintEvent*) {
    const Theme& theme = Theme::of(palette());
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.fillRect(rect(), theme.surface);
    QFont small = font();
    small.setPixelSize(Theme::smallText());
    painter.setFont(small);
    const QRectF area = plot();
    painter.setPen(m_pointed >= 0 ? theme.text : theme.muted);
    painter.drawText(QRectF(16, 0, width() - 32, Theme::px(20)), Qt::AlignLeft | Qt::AlignVCenter, reading());
    qint64 largest = 0;
    for (const Day& one : m_days)
        largest = std::max(largest, one.value);
    const qint64 scale = roundScale(largest);
    const double high = area.height();
    for (const int part : {0, 1, 2}) { // nothing, half, all
        if (part == 1 && scale % 2 != 0)
            continue;
        const double y = std::round(area.bottom() - high * part / 2) + 0.5;
        painter.setPen(QPen(theme.line, 1));
        painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y));
        painter.setPen(theme.muted);
        const QString words = m_words(scale * part / 2); // without what is counted: that stands above
        if (largest > 0 || part == 0)
            painter.drawText(QRectF(0, y - 9, area.left() - 8, 18), Qt::AlignRight | Qt::AlignVCenter, words.section(u' ', 0, words.count(u' ') > 1 ? 1 : 0));
    }
    const QFontMetricsF metrics(small);
    double free = area.left() - 1; // from where a date may be written
    for (int i = 0; i < int(m_days.size()); ++i) {
        const QRectF place = slot(i);
        const Day& one = m_days[std::size_t(i)];
        const double gap = std::min(4.0, place.width() * 0.2);
        if (one.value > 0) {
            const double tall = std::max(2.0, high * double(one.value) / double(scale));
            QPainterPath bar;
            bar.addRoundedRect(QRectF(place.left() + gap / 2, area.bottom() - tall, std::min(place.width() - gap, 48.0), tall), 2, 2);
            QColor colour = m_dimmed ? theme.muted : theme.accent;
            if (m_pointed >= 0 && m_pointed != i)
                colour.setAlphaF(0.55F);
            painter.fillPath(bar, colour);
        }
        const QString date = dayText(one.date);
        const double wide = metrics.horizontalAdvance(date);
        const double left = std::min(place.left() + gap / 2, area.right() - wide);
        if (left >= free) {
            painter.setPen(theme.muted);
            painter.drawText(QRectF(left, area.bottom() + 4, wide + 2, Theme::px(18)), Qt::AlignLeft | Qt::AlignVCenter, date);
            free = left + wide + 24;
        }
    }
    if (hasFocus()) {
        painter.setBrush(Qt::NoBrush);
        painter.setPen(QPen(theme.accent, 1));
        painter.drawRoundedRect(QRectF(rect()).adjusted(4.5, 0.5, -4.5, -0.5), Theme::radius, Theme::radius);
    }
}

} // namespace clawloops::gui
