// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>
#include <QWidget>

class QAction;

namespace clawloops::gui {

// A part of a page: its name, or muted what it is, and on the right a button for each action.
class SectionTitle : public QWidget {
    Q_OBJECT
public:
    SectionTitle(const QString& title, const QString& explanation, const QList<QAction*>& actions, QWidget* parent);
};

} // namespace clawloops::gui
