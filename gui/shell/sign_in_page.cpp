// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "shell/sign_in_page.h"

#include "widgets/theme.h"

#include <QHBoxLayout>
#include <QIcon>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>

namespace clawloops::gui {

namespace {

QLineEdit* addField(QVBoxLayout* column, const QString& name, const QString& hint, QWidget* parent) {
    auto* label = new QLabel(name, parent);
    auto* field = new QLineEdit(parent);
    field->setPlaceholderText(hint);
    field->setMinimumHeight(Theme::px(32));
    label->setBuddy(field);
    column->addWidget(label);
    column->addWidget(field);
    column->addSpacing(8);
    return field;
}

} // namespace

SignInPage::SignInPage(QWidget* parent) : QWidget(parent) {
    setBackgroundRole(QPalette::Window);
    setAutoFillBackground(true);
    auto* outer = new QVBoxLayout(this);
    auto* middle = new QHBoxLayout;
    auto* form = new QWidget(this);
    form->setFixedWidth(Theme::px(360));
    auto* column = new QVBoxLayout(form);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(4);

    auto* mark = new QLabel(form);
    mark->setPixmap(QIcon(QStringLiteral(":/icons/clawloops.svg")).pixmap(44, 44));
    column->addWidget(mark);
    column->addSpacing(8);
    auto* title = new QLabel(tr("Sign in to ClawLoops"), form);
    QFont font = title->font();
    font.setPixelSize(Theme::px(20));
    font.setWeight(QFont::DemiBold);
    title->setFont(font);
    column->addWidget(title);
    column->addSpacing(16);
    m_server = addField(column, tr("&Server"), tr("https://workstation.lan:8443"), form);
    m_username = addField(column, tr("&Name"), QString(), form);
    m_password = addField(column, tr("&Password"), QString(), form);
    m_server->setObjectName(QStringLiteral("server"));
    m_username->setObjectName(QStringLiteral("username"));
    m_password->setObjectName(QStringLiteral("password"));
    m_password->setEchoMode(QLineEdit::Password);
    m_password->setInputMethodHints(Qt::ImhSensitiveData | Qt::ImhNoPredictiveText);
    m_button = new QPushButton(tr("Sign in"), form);
    m_button->setObjectName(QStringLiteral("signIn"));
    m_button->setProperty("kind", QStringLiteral("primary"));
    m_button->setMinimumHeight(Theme::px(34));
    m_button->setAutoDefault(true);
    column->addSpacing(4);
    column->addWidget(m_button);
    column->addSpacing(8);
    m_message = new QLabel(form);
    m_message->setWordWrap(true);
    m_message->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_message->setMinimumHeight(Theme::px(64));
    m_message->setAlignment(Qt::AlignTop | Qt::AlignLeft);
    column->addWidget(m_message);

    middle->addStretch(1);
    middle->addWidget(form);
    middle->addStretch(1);
    outer->addStretch(2);
    outer->addLayout(middle);
    outer->addStretch(3);
    connect(m_button, &QPushButton::clicked, this, &SignInPage::submit);
    for (QLineEdit* field : {m_server, m_username, m_password})
        connect(field, &QLineEdit::returnPressed, this, &SignInPage::submit);
    m_tick.setInterval(1000);
    connect(&m_tick, &QTimer::timeout, this, [this] { setMessage(tr("%1 %2 s").arg(m_waitingFor).arg(++m_seconds), false); });
}

void SignInPage::setServer(const QString& text) { m_server->setText(text); }
void SignInPage::setUsername(const QString& name) { m_username->setText(name); }

void SignInPage::focusFirstEmpty() {
    for (QLineEdit* field : {m_server, m_username, m_password})
        if (field->text().isEmpty())
            return field->setFocus();
    m_password->setFocus();
}

void SignInPage::setMessage(const QString& text, bool bad) {
    QPalette colours = palette();
    const Theme& theme = Theme::of(colours);
    colours.setColor(QPalette::WindowText, bad ? theme.bad : theme.muted);
    m_message->setPalette(colours);
    m_message->setText(text);
}

void SignInPage::showReason(const QString& sentence) {
    setWaiting({});
    setMessage(sentence, false);
}

void SignInPage::showFailure(const QString& sentence, const QString& requestId) {
    setWaiting({});
    setMessage(requestId.isEmpty() ? sentence : sentence + QLatin1String("\n") + requestId, true);
    m_password->clear();
    focusFirstEmpty();
}

void SignInPage::setWaiting(const QString& forWhat) {
    m_waitingFor = forWhat;
    const bool waiting = !forWhat.isEmpty();
    for (QWidget* widget : {static_cast<QWidget*>(m_server), static_cast<QWidget*>(m_username), static_cast<QWidget*>(m_password),
                            static_cast<QWidget*>(m_button)})
        widget->setEnabled(!waiting);
    m_seconds = 0;
    if (waiting) {
        setMessage(forWhat, false);
        m_tick.start();
    } else {
        m_tick.stop();
        m_message->clear();
    }
}

QString SignInPage::message() const { return m_message->text(); }

void SignInPage::submit() {
    const auto server = ServerAddress::parse(m_server->text());
    if (!server) {
        setMessage(QString::fromStdString(server.error().message), true);
        return m_server->setFocus();
    }
    if (m_username->text().trimmed().isEmpty() || m_password->text().isEmpty()) {
        setMessage(tr("Give your name and your password."), true);
        return focusFirstEmpty();
    }
    const Secret password(m_password->text().toStdString());
    m_password->clear();
    Q_EMIT submitted(*server, m_username->text().trimmed(), password);
}

} // namespace clawloops::gui
