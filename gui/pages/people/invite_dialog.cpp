// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/people/invite_dialog.h"

#include "models/state_view.h"
#include "widgets/theme.h"
#include "wire/api_types.h"

#include <QClipboard>
#include <QComboBox>
#include <QGridLayout>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QRegularExpression>
#include <QVBoxLayout>
#include <algorithm>

namespace clawloops::gui {

InviteDialog::InviteDialog(ApiClient& client, QWidget* parent)
    : QDialog(parent), m_client(client), m_title(new QLabel(tr("Invite a person"), this)), m_explanation(new QLabel(this)),
      m_nameLabel(new QLabel(tr("&Name"), this)), m_name(new QLineEdit(this)), m_roleLabel(new QLabel(tr("&Role"), this)),
      m_role(new QComboBox(this)), m_link(new QLineEdit(this)), m_problem(new QLabel(this)), m_cancel(new QPushButton(tr("Cancel"), this)),
      m_main(new QPushButton(tr("Make link"), this)) {
    setWindowTitle(tr("Invite"));
    setMinimumWidth(Theme::px(460));
    QFont font = m_title->font();
    font.setPixelSize(Theme::titleText());
    font.setWeight(QFont::DemiBold);
    m_title->setFont(font);
    m_explanation->setWordWrap(true);
    m_explanation->setForegroundRole(QPalette::PlaceholderText);
    m_explanation->setText(tr("They choose their own password when they open the link. It works once, for 72 hours."));
    m_name->setPlaceholderText(tr("anna: lower-case letters, digits and dashes"));
    m_name->setObjectName(QStringLiteral("name"));
    m_main->setObjectName(QStringLiteral("main"));
    m_link->setObjectName(QStringLiteral("link"));
    m_name->setMaxLength(32);
    m_nameLabel->setBuddy(m_name);
    m_role->addItem(tr("user: a workspace of their own"), QStringLiteral("user"));
    m_role->addItem(tr("admin: also runs the appliance"), QStringLiteral("admin"));
    m_role->setMinimumHeight(Theme::px(28));
    m_roleLabel->setBuddy(m_role);
    m_link->setReadOnly(true);
    m_link->setAccessibleName(tr("Invitation link"));
    m_link->hide();
    m_problem->setWordWrap(true);
    m_problem->hide();
    m_main->setProperty("kind", QStringLiteral("primary"));
    m_main->setDefault(true);
    m_main->setEnabled(false);

    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(24, 20, 24, 20);
    column->setSpacing(8);
    column->addWidget(m_title);
    column->addWidget(m_explanation);
    column->addSpacing(8);
    auto* grid = new QGridLayout;
    grid->setHorizontalSpacing(12);
    grid->setVerticalSpacing(8);
    grid->addWidget(m_nameLabel, 0, 0);
    grid->addWidget(m_name, 0, 1);
    grid->addWidget(m_roleLabel, 1, 0);
    grid->addWidget(m_role, 1, 1);
    column->addLayout(grid);
    column->addWidget(m_link);
    column->addWidget(m_problem);
    column->addSpacing(12);
    auto* buttons = new QHBoxLayout;
    buttons->addStretch(1);
    buttons->addWidget(m_cancel);
    buttons->addWidget(m_main);
    column->addLayout(buttons);
    connect(m_cancel, &QPushButton::clicked, this, &QDialog::reject);
    connect(m_name, &QLineEdit::textChanged, this, &InviteDialog::check);
    connect(m_main, &QPushButton::clicked, this, &InviteDialog::send);
    m_name->setFocus();
}

void InviteDialog::check() {
    static const QRegularExpression allowed(QStringLiteral("^[a-z][a-z0-9-]{0,30}[a-z0-9]$"));
    const QString name = m_name->text();
    const bool good = allowed.match(name).hasMatch();
    m_main->setEnabled(good);
    m_problem->setVisible(!good && name.size() > 1);
    if (!good)
        m_problem->setText(tr("A name starts with a letter, ends with a letter or digit, and has lower-case letters, digits and dashes only."));
    grow();
}

void InviteDialog::grow() {
    layout()->activate();
    resize(width(), std::max(height(), layout()->totalHeightForWidth(width())));
}

void InviteDialog::send() {
    if (!m_link->isHidden()) {
        QGuiApplication::clipboard()->setText(m_link->text());
        m_main->setText(tr("Copied"));
        return;
    }
    m_main->setEnabled(false);
    m_main->setText(tr("Making link"));
    m_client.post(QStringLiteral("/admin/invitations"),
                  {{"username", m_name->text().toStdString()}, {"role", m_role->currentData().toString().toStdString()}}, this,
                  [this](ApiResult result) { showLink(result); });
}

void InviteDialog::resend(const QString& invitationId) {
    for (QWidget* widget : {static_cast<QWidget*>(m_nameLabel), static_cast<QWidget*>(m_name), static_cast<QWidget*>(m_roleLabel),
                            static_cast<QWidget*>(m_role)})
        widget->hide();
    m_title->setText(tr("A new link"));
    m_explanation->setText(tr("The link from before stops working when the new one is made."));
    m_main->setText(tr("Making link"));
    m_client.post(QStringLiteral("/admin/invitations/%1/resend").arg(invitationId), {}, this, [this](ApiResult result) { showLink(result); });
}

void InviteDialog::showLink(const ApiResult& result) {
    const auto fail = [this](const QString& sentence) {
        m_problem->setText(sentence);
        m_problem->show();
        grow();
        m_main->setText(tr("Make link"));
        m_main->setEnabled(!m_name->isHidden());
    };
    if (const auto* failure = std::get_if<ApiFailure>(&result))
        return fail(failure->sentence);
    const auto made = wire::fromJson<wire::InvitationLink>(std::get<json::object>(result));
    if (!made)
        return fail(QString::fromStdString(made.error().message));
    for (QWidget* widget : {static_cast<QWidget*>(m_nameLabel), static_cast<QWidget*>(m_name), static_cast<QWidget*>(m_roleLabel),
                            static_cast<QWidget*>(m_role), static_cast<QWidget*>(m_problem)})
        widget->hide();
    m_title->setText(tr("Link for %1").arg(fromWire(made->invitation.username)));
    m_explanation->setText(tr("Send it to them yourself. It is shown only now, works once, and is good until %1.")
                               .arg(momentText(timeFromWire(made->invitation.expiresAt))));
    m_link->setText(fromWire(made->link));
    m_link->setCursorPosition(0);
    m_link->show();
    grow();
    m_cancel->setText(tr("Close"));
    m_main->setText(tr("Copy link"));
    m_main->setEnabled(true);
    m_main->setFocus();
}

} // namespace clawloops::gui
