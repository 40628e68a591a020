// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/people/freeze_dialog.h"

#include <QLineEdit>

namespace clawloops::gui {

FreezeDialog::FreezeDialog(ApiClient& client, const QString& userId, const QString& name, QWidget* parent)
    : FormDialog(userId.isEmpty() ? tr("Freeze everybody?") : tr("Freeze %1?").arg(name),
                 userId.isEmpty() ? tr("No model answers anybody any more, also no admin: answers under way end within a second. Workspaces stay open, and everybody can sign in.")
                                  : tr("No model answers %1 any more: answers under way end within a second. The workspace stays open, and %1 can sign in.").arg(name),
                 tr("Freeze"), parent),
      m_client(client), m_userId(userId), m_sentence(new QLineEdit(this)) {
    m_sentence->setObjectName(QStringLiteral("sentence"));
    m_sentence->setMaxLength(300);
    m_sentence->setText(userId.isEmpty() ? tr("An admin has frozen all models.") : tr("An admin has frozen your use of models."));
    m_sentence->selectAll();
    addField(tr("&Say why"), m_sentence, tr("This is what they read in the place of an answer, and on their page. Releasing is one press."));
    connect(m_sentence, &QLineEdit::textChanged, this, [this](const QString& text) { setReady(!text.trimmed().isEmpty()); });
    m_sentence->setFocus();
}

void FreezeDialog::submit() {
    begin(tr("Freezing"));
    const QString path = m_userId.isEmpty() ? QStringLiteral("/admin/freeze") : QStringLiteral("/admin/users/%1/freeze").arg(m_userId);
    m_client.post(path, {{"sentence", m_sentence->text().trimmed().toStdString()}}, this, [this](const ApiResult& result) {
        if (const auto* holds = std::get_if<json::object>(&result))
            Q_EMIT frozen(*holds);
        end(result);
    });
}

} // namespace clawloops::gui
