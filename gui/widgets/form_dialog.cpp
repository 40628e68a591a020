// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/form_dialog.h"

#include "models/state_view.h"
#include "widgets/theme.h"

#include <QComboBox>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>
#include <algorithm>

namespace clawloops::gui {

FormDialog::FormDialog(const QString& title, const QString& explanation, const QString& verb, QWidget* parent)
    : QDialog(parent), m_explanation(new QLabel(this)), m_grid(new QGridLayout), m_problem(new QLabel(this)),
      m_cancel(new QPushButton(tr("Cancel"), this)), m_verb(new QPushButton(verb, this)), m_verbText(verb) {
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(verb);
    setMinimumWidth(Theme::px(480));
    auto* heading = new QLabel(title, this);
    QFont font = heading->font();
    font.setPixelSize(Theme::titleText());
    font.setWeight(QFont::DemiBold);
    heading->setFont(font);
    for (QLabel* label : {heading, m_explanation, m_problem}) {
        label->setTextFormat(Qt::PlainText);
        label->setWordWrap(true);
    }
    m_explanation->setForegroundRole(QPalette::PlaceholderText);
    m_problem->setObjectName(QStringLiteral("problem"));
    m_problem->hide();
    m_verb->setObjectName(QStringLiteral("verb"));
    m_verb->setProperty("kind", QStringLiteral("primary"));
    m_verb->setDefault(true);
    m_cancel->setAutoDefault(false);
    m_grid->setHorizontalSpacing(12);
    m_grid->setVerticalSpacing(8);
    m_grid->setColumnStretch(1, 1);
    m_grid->setColumnMinimumWidth(0, Theme::px(110));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(24, 20, 24, 20);
    column->setSpacing(8);
    column->addWidget(heading);
    column->addWidget(m_explanation);
    column->addSpacing(8);
    column->addLayout(m_grid);
    column->addWidget(m_problem);
    column->addStretch(1);
    column->addSpacing(12);
    auto* buttons = new QHBoxLayout;
    buttons->addStretch(1);
    buttons->addWidget(m_cancel);
    buttons->addWidget(m_verb);
    column->addLayout(buttons);
    connect(m_cancel, &QPushButton::clicked, this, &QDialog::reject);
    connect(m_verb, &QPushButton::clicked, this, [this] {
        if (!m_busy)
            submit();
    });
    setExplanation(explanation);
}

void FormDialog::addField(const QString& text, QWidget* field, const QString& hint) {
    auto* label = new QLabel(text, this);
    label->setBuddy(field);
    if (auto* combo = qobject_cast<QComboBox*>(field))
        combo->setMinimumHeight(Theme::px(28));
    m_grid->addWidget(label, m_row, 0);
    m_grid->addWidget(field, m_row++, 1);
    field->setProperty("label", QVariant::fromValue<QObject*>(label));
    if (hint.isEmpty())
        return;
    auto* below = new QLabel(hint, this);
    QFont font = below->font();
    font.setPixelSize(Theme::smallText());
    below->setFont(font);
    below->setTextFormat(Qt::PlainText);
    below->setWordWrap(true);
    below->setForegroundRole(QPalette::PlaceholderText);
    m_grid->addWidget(below, m_row++, 1);
    field->setProperty("hint", QVariant::fromValue<QObject*>(below));
}

void FormDialog::addWidget(QWidget* widget) { m_grid->addWidget(widget, m_row++, 0, 1, 2); }

void FormDialog::showField(QWidget* field, bool shown) {
    field->setVisible(shown);
    for (const char* name : {"label", "hint"})
        if (auto* beside = qobject_cast<QWidget*>(field->property(name).value<QObject*>()))
            beside->setVisible(shown);
    grow();
}

void FormDialog::setExplanation(const QString& text) {
    m_explanation->setText(unbroken(text));
    m_explanation->setVisible(!text.isEmpty());
    setAccessibleDescription(text);
}

void FormDialog::setProblem(const QString& sentence) {
    m_problem->setText(unbroken(sentence));
    m_problem->setVisible(!sentence.isEmpty());
    grow();
}

QString FormDialog::problem() const { return m_problem->isHidden() ? QString() : m_problem->text(); }

void FormDialog::setReady(bool ready) {
    m_ready = ready;
    m_verb->setEnabled(ready && !m_busy);
}

void FormDialog::begin(const QString& waiting) {
    m_busy = true;
    setProblem({});
    m_verb->setText(waiting);
    m_verb->setEnabled(false);
}

void FormDialog::end(const ApiResult& result) {
    m_busy = false;
    m_verb->setText(m_verbText);
    m_verb->setEnabled(m_ready);
    if (const auto* failure = std::get_if<ApiFailure>(&result))
        return setProblem(failure->requestId.isEmpty() ? failure->sentence : tr("%1 (request %2)").arg(failure->sentence, failure->requestId));
    accept();
}

void FormDialog::grow() {
    layout()->activate();
    resize(width(), std::max(height(), layout()->totalHeightForWidth(width())));
}

} // namespace clawloops::gui
