// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDialog>
#include <functional>

namespace clawloops::gui {

// Asks before something ends: what is lost in one sentence, the verb on the button, and "Cancel" under the Return key.
class ConfirmDialog : public QDialog {
    Q_OBJECT
public:
    struct Question {
        QString title; // "Stop anna's runtime?"
        QString sentence; // what is lost and what is kept
        QString verb; // "Stop"
    };
    // Opens over the window of `parent`; `run` is called if and when the person agrees, unless `parent` is gone by then.
    static ConfirmDialog* ask(QWidget* parent, const Question& question, std::function<void()> run);

private:
    ConfirmDialog(QWidget* window, const Question& question);
};

} // namespace clawloops::gui
