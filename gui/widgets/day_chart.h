// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDate>
#include <QWidget>
#include <functional>
#include <vector>

namespace clawloops::gui {

// One bar a day, with a scale of round figures. The arrow keys and the mouse go from day to day; the day's figure is written
// above, in its tooltip, and told to screen readers. Days without a figure are 0.
class DayChart : public QWidget {
    Q_OBJECT
public:
    struct Day {
        QDate date;
        qint64 value = 0;
        bool operator==(const Day&) const = default;
    };
    explicit DayChart(QWidget* parent = nullptr);

    // `words` says a value: "41 k tokens".
    void set(std::vector<Day> days, const QString& title, std::function<QString(qint64)> words);
    void setDimmed(bool dimmed);
    [[nodiscard]] const std::vector<Day>& days() const { return m_days; }
    [[nodiscard]] QString reading() const; // what stands above: the day that is pointed at, or what the chart shows
    [[nodiscard]] QSize sizeHint() const override;

    [[nodiscard]] static qint64 roundScale(qint64 largest); // 1, 2 or 5 times a power of ten, not below it

protected:
    void paintEvent(QPaintEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;
    bool event(QEvent* event) override;

private:
    [[nodiscard]] QRectF plot() const;
    [[nodiscard]] QRectF slot(int day) const; // the day's whole column
    [[nodiscard]] int dayAt(QPointF point) const;
    [[nodiscard]] QString wordsOf(int day) const;
    void point(int day);

    std::vector<Day> m_days;
    QString m_title;
    std::function<QString(qint64)> m_words;
    int m_pointed = -1;
    bool m_dimmed = false;
};

} // namespace clawloops::gui
