// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/confirm_dialog.h"

#include "models/state_view.h"
#include "widgets/theme.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

namespace clawloops::gui {

ConfirmDialog* ConfirmDialog::ask(QWidget* parent, const Question& question, std::function<void()> run) {
    auto* dialog = new ConfirmDialog(parent->window(), question);
    connect(dialog, &QDialog::accepted, parent, std::move(run));
    dialog->open();
    return dialog;
}

ConfirmDialog::ConfirmDialog(QWidget* window, const Question& question) : QDialog(window) {
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(question.verb);
    setMinimumWidth(Theme::px(420));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(24, 20, 24, 20);
    column->setSpacing(8);
    auto* title = new QLabel(question.title, this);
    QFont font = title->font();
    font.setPixelSize(Theme::titleText());
    font.setWeight(QFont::DemiBold);
    title->setFont(font);
    title->setTextFormat(Qt::PlainText);
    title->setWordWrap(true);
    column->addWidget(title);
    auto* sentence = new QLabel(unbroken(question.sentence), this);
    sentence->setTextFormat(Qt::PlainText);
    sentence->setWordWrap(true);
    column->addWidget(sentence);
    column->addSpacing(12);
    auto* cancel = new QPushButton(tr("Cancel"), this);
    auto* confirm = new QPushButton(question.verb, this);
    confirm->setObjectName(QStringLiteral("confirm"));
    confirm->setProperty("kind", QStringLiteral("danger"));
    confirm->setAutoDefault(false);
    cancel->setDefault(true);
    auto* buttons = new QHBoxLayout;
    buttons->addStretch(1);
    buttons->addWidget(cancel);
    buttons->addWidget(confirm);
    column->addLayout(buttons);
    cancel->setFocus();
    setAccessibleName(question.title);
    setAccessibleDescription(question.sentence);
    connect(cancel, &QPushButton::clicked, this, &QDialog::reject);
    connect(confirm, &QPushButton::clicked, this, &QDialog::accept);
}

} // namespace clawloops::gui
