// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

class QStackedWidget;
class QTabBar;

namespace clawloops::gui {

// Parts of a page of which one is shown: a quiet row of names, reached by Tab and the arrow keys.
class Sections : public QWidget {
    Q_OBJECT
public:
    explicit Sections(QWidget* parent);
    void add(const QString& title, QWidget* part);
    void setCount(QWidget* part, int count); // beside the name, where it is more than none
    void show(QWidget* part);
    [[nodiscard]] QWidget* current() const;

Q_SIGNALS:
    void currentChanged();

private:
    QTabBar* m_bar;
    QStackedWidget* m_stack;
    QStringList m_titles;
};

} // namespace clawloops::gui
