// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/message_panel.h"

#include "widgets/state_painter.h"
#include "widgets/theme.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>
#include <QPushButton>
#include <QVBoxLayout>
#include <algorithm>

namespace clawloops::gui {

namespace {

QPushButton* requestIdButton(QWidget* parent) {
    auto* button = new QPushButton(parent);
    button->setProperty("kind", QStringLiteral("quiet"));
    button->setToolTip(QObject::tr("Copy the request id; `clawloopsctl trace` shows where it went"));
    QObject::connect(button, &QPushButton::clicked, button, [button] { QGuiApplication::clipboard()->setText(button->property("id").toString()); });
    return button;
}

void setRequestId(QPushButton* button, const QString& id) {
    button->setProperty("id", id);
    button->setText(QObject::tr("Copy id %1").arg(id));
    button->setVisible(!id.isEmpty());
}

} // namespace

MessagePanel::MessagePanel(QWidget* parent)
    : QWidget(parent), m_title(new QLabel(this)), m_sentence(new QLabel(this)), m_action(new QPushButton(this)),
      m_requestId(requestIdButton(this)) {
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(32, 32, 32, 32);
    column->setSpacing(8);
    QFont title = font();
    title.setPixelSize(Theme::titleText());
    title.setWeight(QFont::DemiBold);
    m_title->setFont(title);
    for (QLabel* label : {m_title, m_sentence})
        label->setTextFormat(Qt::PlainText); // say() measures them before they are shown
    m_title->setAlignment(Qt::AlignCenter);
    m_sentence->setWordWrap(true);
    m_sentence->setAlignment(Qt::AlignCenter);
    m_sentence->setFixedWidth(Theme::px(440));
    m_sentence->setForegroundRole(QPalette::PlaceholderText);
    m_sentence->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_action->setProperty("kind", QStringLiteral("primary"));
    column->addStretch(2);
    column->addWidget(m_title, 0, Qt::AlignHCenter);
    column->addWidget(m_sentence, 0, Qt::AlignHCenter);
    column->addSpacing(8);
    column->addWidget(m_action, 0, Qt::AlignHCenter);
    column->addWidget(m_requestId, 0, Qt::AlignHCenter);
    column->addStretch(3);
    connect(m_action, &QPushButton::clicked, this, &MessagePanel::actionPressed);
}

void MessagePanel::say(const QString& title, const QString& sentence, const QString& action, const QString& requestId) {
    m_title->setText(title);
    m_sentence->setText(unbroken(sentence));
    m_sentence->setFixedHeight(std::max(0, m_sentence->heightForWidth(m_sentence->width()))); // a centred item of a layout is not asked for it
    m_action->setText(action);
    m_action->setVisible(!action.isEmpty());
    setRequestId(m_requestId, requestId);
    setAccessibleName(title + u' ' + sentence);
}

QString MessagePanel::sentence() const { return m_sentence->text(); }

NoticeBar::NoticeBar(QWidget* parent)
    : QWidget(parent), m_sentence(new QLabel(this)), m_action(new QPushButton(this)), m_requestId(requestIdButton(this)),
      m_close(new QPushButton(tr("Close"), this)) {
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(34, 4, 8, 4);
    row->setSpacing(8);
    m_sentence->setTextFormat(Qt::PlainText);
    m_sentence->setWordWrap(true);
    m_sentence->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_close->setProperty("kind", QStringLiteral("quiet"));
    row->addWidget(m_sentence, 1);
    row->addWidget(m_requestId);
    row->addWidget(m_action);
    row->addWidget(m_close);
    connect(m_action, &QPushButton::clicked, this, &NoticeBar::actionPressed);
    connect(m_close, &QPushButton::clicked, this, &NoticeBar::clear);
    hide();
}

void NoticeBar::say(Tone tone, const QString& sentence, const QString& action, const QString& requestId, bool closable) {
    m_tone = tone;
    m_sentence->setText(sentence);
    m_action->setText(action);
    m_action->setVisible(!action.isEmpty());
    m_close->setVisible(closable);
    setRequestId(m_requestId, requestId);
    setAccessibleName(sentence);
    show();
    update();
}

void NoticeBar::clear() {
    m_sentence->clear();
    hide();
}

QString NoticeBar::sentence() const { return m_sentence->text(); }

void NoticeBar::paintEvent(QPaintEvent*) {
    const Theme& theme = Theme::of(palette());
    QPainter painter(this);
    const QColor colour = m_tone == Tone::Bad ? theme.bad : m_tone == Tone::Warn ? theme.warn : theme.accent;
    QColor soft = colour;
    soft.setAlphaF(theme.dark ? 0.14F : 0.08F);
    painter.fillRect(rect(), theme.surface);
    painter.fillRect(rect(), soft);
    painter.fillRect(QRect(0, height() - 1, width(), 1), theme.line);
    paintStateShape(painter, QPointF(19, height() / 2.0),
                    m_tone == Tone::Bad ? StateKind::Error : m_tone == Tone::Warn ? StateKind::Attention : StateKind::Running, colour);
}

} // namespace clawloops::gui
