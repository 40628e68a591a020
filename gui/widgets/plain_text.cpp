// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/plain_text.h"

#include <QApplication>
#include <QEvent>
#include <QLabel>

namespace clawloops::gui {

PlainText::PlainText(QObject* parent) : QObject(parent) { qApp->installEventFilter(this); }

// Every label is polished before it is measured or shown, the one that a tooltip is (QTipLabel) before it has its text.
bool PlainText::eventFilter(QObject* watched, QEvent* event) {
    if (event->type() == QEvent::Polish)
        if (auto* label = qobject_cast<QLabel*>(watched); label && label->textFormat() == Qt::AutoText)
            label->setTextFormat(Qt::PlainText);
    return false;
}

} // namespace clawloops::gui
