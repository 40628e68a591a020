// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/section_title.h"

#include "widgets/theme.h"

#include <QAction>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>

namespace clawloops::gui {

SectionTitle::SectionTitle(const QString& title, const QString& explanation, const QList<QAction*>& actions, QWidget* parent)
    : QWidget(parent) {
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(16, 8, 16, 6);
    row->setSpacing(8);
    auto* name = new QLabel(title.isEmpty() ? explanation : title, this);
    if (title.isEmpty()) {
        name->setForegroundRole(QPalette::PlaceholderText);
        name->setWordWrap(true);
    } else {
        QFont font = name->font();
        font.setWeight(QFont::DemiBold);
        name->setFont(font);
    }
    name->setMinimumHeight(Theme::px(28));
    row->addWidget(name, 1);
    for (QAction* action : actions) {
        auto* button = new QPushButton(action->text(), this);
        button->setToolTip(action->toolTip());
        button->setEnabled(action->isEnabled());
        button->setVisible(action->isVisible());
        connect(button, &QPushButton::clicked, action, &QAction::trigger);
        connect(action, &QAction::changed, button, [button, action] {
            button->setEnabled(action->isEnabled());
            button->setText(action->text());
            button->setVisible(action->isVisible());
        });
        row->addWidget(button);
    }
}

} // namespace clawloops::gui
