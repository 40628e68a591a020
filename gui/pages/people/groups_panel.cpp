// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/people/groups_panel.h"

#include "pages/people/group_dialog.h"
#include "widgets/confirm_dialog.h"
#include "widgets/live_table.h"

#include <QAction>
#include <algorithm>

namespace clawloops::gui {

GroupsPanel::GroupsPanel(LiveData& live, ApiClient& client, QWidget* parent)
    : ListPanel(live, client, tr("Groups"), QStringLiteral("/admin/groups"), parent),
      m_rows({{tr("Group"), [](const wire::Group& g) { return fromWire(g.name); }},
              {tr("People"), [](const wire::Group& g) { return QString::number(g.members.size()); }, [](const wire::Group& g) { return QVariant(qlonglong(g.members.size())); }, nullptr, true},
              {tr("Members"), [this](const wire::Group& g) { return membersText(g); }}}),
      m_new(new QAction(tr("New group…"), this)), m_edit(new QAction(tr("Edit…"), this)), m_remove(new QAction(tr("Remove"), this)) {
    connect(m_new, &QAction::triggered, this, [this] { edit({}); });
    connect(m_edit, &QAction::triggered, this, [this] {
        if (const wire::Group* group = m_rows.find(only()))
            edit(*group);
    });
    connect(m_remove, &QAction::triggered, this, &GroupsPanel::remove);
    Parts parts;
    parts.explanation = tr("Named sets of people, for budgets and access.");
    parts.widths = {180, 70, 300};
    parts.stretched = 2;
    parts.muted = {2};
    parts.emptyTitle = tr("No group");
    parts.emptySentence = tr("A group is a named set of people that shares a budget or may use a model. Make one when that is wanted.");
    build(m_rows, parts, {m_edit, m_remove, m_new});
    connect(&table(), &LiveTable::activatedKey, m_edit, &QAction::trigger);
}

Status GroupsPanel::take(const json::object& answer) {
    auto all = wire::listFromJson<wire::Group>(answer);
    if (!all)
        return all.error();
    m_rows.merge(std::move(*all));
    return {};
}

void GroupsPanel::follow() {
    const bool one = m_rows.find(only());
    m_new->setEnabled(isLive());
    m_edit->setEnabled(isLive() && one);
    m_remove->setEnabled(isLive() && one);
}

QString GroupsPanel::membersText(const wire::Group& group) const {
    QStringList names;
    for (const std::string& id : group.members) {
        const PersonRow* row = live().people.find(fromWire(id));
        names += row ? fromWire(row->username()) : fromWire(id);
    }
    names.sort();
    return names.join(QStringLiteral(", "));
}

QStringList GroupsPanel::namesOf(const QString& userId) const {
    QStringList names;
    for (const wire::Group& one : m_rows.rows())
        if (std::find(one.members.begin(), one.members.end(), userId.toStdString()) != one.members.end())
            names += fromWire(one.name);
    return names;
}

void GroupsPanel::edit(const wire::Group& group) {
    auto* dialog = new GroupDialog(client(), live(), group, window());
    connect(dialog, &GroupDialog::saved, this, [this](const QString& name) {
        Q_EMIT done(tr("The group %1 is saved.").arg(name));
        fetch().again();
    });
    dialog->open();
}

void GroupsPanel::remove() {
    const wire::Group* group = m_rows.find(only());
    if (!group)
        return;
    ConfirmDialog::ask(this,
                       {tr("Remove the group %1?").arg(fromWire(group->name)),
                        tr("Its %1 people stay. What was allowed or limited by it is so no longer.").arg(group->members.size()), tr("Remove")},
                       [this, id = fromWire(group->groupId), name = fromWire(group->name)] {
                           order("DELETE", QStringLiteral("/admin/groups/%1").arg(id), {}, tr("The group %1 is removed.").arg(name));
                       });
}

InspectorContent GroupsPanel::inspected() const {
    const wire::Group* group = m_rows.find(only());
    if (!group)
        return {};
    InspectorContent out;
    out.kind = tr("Group");
    out.title = fromWire(group->name);
    out.state = {StateKind::Running, tr("%1 people").arg(group->members.size()), {}, {}};
    out.facts = {{tr("Members"), membersText(*group)}, {tr("Id"), fromWire(group->groupId)}};
    return out;
}

} // namespace clawloops::gui
