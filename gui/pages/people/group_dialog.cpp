// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/people/group_dialog.h"

#include "widgets/theme.h"

#include <QLineEdit>
#include <QListWidget>
#include <algorithm>

namespace clawloops::gui {

GroupDialog::GroupDialog(ApiClient& client, const LiveData& live, const wire::Group& group, QWidget* parent)
    : FormDialog(group.groupId.empty() ? tr("A new group") : tr("Group %1").arg(fromWire(group.name)),
                 tr("A named set of people, for budgets and for who may use a model. A person can be in several."), group.groupId.empty() ? tr("Make group") : tr("Save"), parent),
      m_client(client), m_groupId(fromWire(group.groupId)), m_name(new QLineEdit(fromWire(group.name), this)), m_members(new QListWidget(this)) {
    m_name->setObjectName(QStringLiteral("name"));
    m_name->setMaxLength(64);
    m_members->setObjectName(QStringLiteral("members"));
    m_members->setMinimumHeight(Theme::px(180));
    m_members->setSortingEnabled(true);
    for (const PersonRow& one : live.people.rows()) {
        if (!one.user)
            continue;
        auto* item = new QListWidgetItem(fromWire(one.username()), m_members);
        item->setData(Qt::UserRole, fromWire(one.user->userId));
        item->setFlags(Qt::ItemIsEnabled | Qt::ItemIsSelectable | Qt::ItemIsUserCheckable);
        const bool in = std::find(group.members.begin(), group.members.end(), one.user->userId) != group.members.end();
        item->setCheckState(in ? Qt::Checked : Qt::Unchecked);
    }
    addField(tr("&Name"), m_name);
    addField(tr("&Members"), m_members);
    connect(m_name, &QLineEdit::textChanged, this, [this](const QString& text) { setReady(!text.trimmed().isEmpty()); });
    setReady(!m_name->text().isEmpty());
    m_name->setFocus();
}

void GroupDialog::submit() {
    json::array members;
    for (int i = 0; i < m_members->count(); ++i)
        if (m_members->item(i)->checkState() == Qt::Checked)
            members.emplace_back(m_members->item(i)->data(Qt::UserRole).toString().toStdString());
    const QString name = m_name->text().trimmed();
    const json::object body{{"name", name.toStdString()}, {"members", std::move(members)}};
    begin(tr("Saving"));
    const auto heard = [this, name](const ApiResult& result) {
        if (std::holds_alternative<json::object>(result))
            Q_EMIT saved(name);
        end(result);
    };
    if (m_groupId.isEmpty())
        m_client.post(QStringLiteral("/admin/groups"), body, this, heard);
    else
        m_client.put(QStringLiteral("/admin/groups/%1").arg(m_groupId), body, this, heard);
}

} // namespace clawloops::gui
