// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "client/api_failure.h"

#include <QDialog>
#include <functional>

class QGridLayout;
class QLabel;
class QPushButton;

namespace clawloops::gui {

// What dialogs with fields share: title, explanation, fields with labels, one place for what is wrong, Cancel and the verb. The
// verb is pressed once: while the server is asked it waits, a refusal is shown with its sentence, success closes the dialog.
class FormDialog : public QDialog {
    Q_OBJECT
public:
    FormDialog(const QString& title, const QString& explanation, const QString& verb, QWidget* parent);
    [[nodiscard]] QString problem() const; // what is shown as wrong

protected:
    void addField(const QString& label, QWidget* field, const QString& hint = {});
    void addWidget(QWidget* widget); // over the whole width, below the fields
    void showField(QWidget* field, bool shown); // with its label and hint
    void setProblem(const QString& sentence); // empty: none
    void setReady(bool ready); // the verb can be pressed
    void setExplanation(const QString& text);
    void begin(const QString& waiting); // the server is being asked
    void end(const ApiResult& result); // closes, or says why not
    void grow(); // as high as what is in it
    virtual void submit() = 0;

private:
    QLabel* m_explanation;
    QGridLayout* m_grid;
    QLabel* m_problem;
    QPushButton* m_cancel;
    QPushButton* m_verb;
    QString m_verbText;
    bool m_ready = true;
    bool m_busy = false;
    int m_row = 0;
};

} // namespace clawloops::gui
