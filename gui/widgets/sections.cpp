// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/sections.h"

#include <QHBoxLayout>
#include <QStackedWidget>
#include <QTabBar>
#include <QVBoxLayout>

namespace clawloops::gui {

Sections::Sections(QWidget* parent) : QWidget(parent), m_bar(new QTabBar(this)), m_stack(new QStackedWidget(this)) {
    m_bar->setDrawBase(false);
    m_bar->setExpanding(false);
    m_bar->setElideMode(Qt::ElideNone);
    m_bar->setUsesScrollButtons(false);
    setFocusProxy(m_bar);
    auto* row = new QHBoxLayout;
    row->setContentsMargins(8, 0, 8, 0);
    row->addWidget(m_bar);
    row->addStretch(1);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addLayout(row);
    column->addWidget(m_stack, 1);
    connect(m_bar, &QTabBar::currentChanged, this, [this](int at) {
        m_stack->setCurrentIndex(at);
        Q_EMIT currentChanged();
    });
}

void Sections::add(const QString& title, QWidget* part) {
    m_titles += title;
    m_stack->addWidget(part);
    m_bar->addTab(title);
}

void Sections::setCount(QWidget* part, int count) {
    if (const int at = m_stack->indexOf(part); at >= 0)
        m_bar->setTabText(at, count > 0 ? QStringLiteral("%1  %2").arg(m_titles[at]).arg(count) : m_titles[at]);
}

void Sections::show(QWidget* part) { m_bar->setCurrentIndex(m_stack->indexOf(part)); }
QWidget* Sections::current() const { return m_stack->currentWidget(); }

} // namespace clawloops::gui
