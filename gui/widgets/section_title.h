// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>
#include <QWidget>

class QAction;

namespace clawloops::gui {

// A part of a page: its name, and on the right a button for each action.
class SectionTitle : public QWidget {
    Q_OBJECT
public:
    SectionTitle(const QString& title, const QList<QAction*>& actions, QWidget* parent);
};

} // namespace clawloops::gui
