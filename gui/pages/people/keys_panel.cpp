// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/people/keys_panel.h"

#include "models/json_list.h"
#include "models/state_view.h"
#include "widgets/confirm_dialog.h"

#include <QAction>

namespace clawloops::gui {

namespace {

QDateTime moment(const QString& text) { return timeFromWire(text.toStdString()); }
QString modelsOf(const PersonalKey& key) { return key.routes.isEmpty() ? QObject::tr("all of theirs") : key.routes.join(QStringLiteral(", ")); }

std::vector<PlainColumn<PersonalKey>> columns() {
    using Key = PersonalKey;
    return {{QObject::tr("Key"), [](const Key& k) { return k.name; }},
            {QObject::tr("Person"), [](const Key& k) { return k.username; }},
            {QObject::tr("Begins"), [](const Key& k) { return k.prefix + QStringLiteral("…"); }},
            {QObject::tr("Models"), modelsOf},
            {QObject::tr("Last used"), [](const Key& k) { return k.lastUsedAt.isEmpty() ? QObject::tr("never") : QObject::tr("%1 ago").arg(sinceText(moment(k.lastUsedAt))); },
             [](const Key& k) { return QVariant(moment(k.lastUsedAt)); }, [](const Key& k) { return momentText(moment(k.lastUsedAt)); }, true},
            {QObject::tr("Runs out"),
             [](const Key& k) {
                 if (k.expiresAt.isEmpty())
                     return QObject::tr("never");
                 const qint64 left = QDateTime::currentDateTime().secsTo(moment(k.expiresAt));
                 return left <= 0 ? QObject::tr("has run out") : QObject::tr("in %1").arg(spanText(left));
             },
             [](const Key& k) { return QVariant(moment(k.expiresAt)); }, [](const Key& k) { return momentText(moment(k.expiresAt)); }, true}};
}

} // namespace

KeysPanel::KeysPanel(LiveData& live, ApiClient& client, QWidget* parent)
    : ListPanel(live, client, tr("Keys"), QStringLiteral("/admin/keys"), parent), m_rows(columns()), m_revoke(new QAction(tr("Revoke"), this)) {
    m_revoke->setToolTip(tr("The key ends at once, for good"));
    connect(m_revoke, &QAction::triggered, this, &KeysPanel::revoke);
    Parts parts;
    parts.explanation = tr("People make keys for their programs on their own page.");
    parts.events = {"key"};
    parts.widths = {140, 110, 110, 140, 110, 100};
    parts.stretched = 0;
    parts.optional = {3, 2};
    parts.muted = {2, 3};
    parts.emptyTitle = tr("No key");
    parts.emptySentence = tr("Nobody has made a key yet. People make one on their own page when a program of theirs is to use the models.");
    build(m_rows, parts, {m_revoke});
}

Status KeysPanel::take(const json::object& answer) {
    auto all = readItems<PersonalKey>(answer, "list of keys");
    if (!all)
        return all.error();
    m_rows.merge(std::move(*all));
    return {};
}

void KeysPanel::follow() { m_revoke->setEnabled(isLive() && m_rows.find(only())); }

void KeysPanel::revoke() {
    const PersonalKey* key = m_rows.find(only());
    if (!key)
        return;
    ConfirmDialog::ask(this,
                       {tr("Revoke the key \"%1\" of %2?").arg(key->name, key->username),
                        tr("Whatever uses it is refused from now on, and answers under way end. It cannot be brought back: %1 makes another one.").arg(key->username),
                        tr("Revoke")},
                       [this, id = key->id, name = key->name] { order("DELETE", QStringLiteral("/admin/keys/%1").arg(id), {}, tr("The key %1 is revoked.").arg(name)); });
}

QStringList KeysPanel::namesOf(const QString& userId) const {
    QStringList names;
    for (const PersonalKey& one : m_rows.rows())
        if (one.userId == userId)
            names += one.name;
    return names;
}

InspectorContent KeysPanel::inspected() const {
    const PersonalKey* key = m_rows.find(only());
    if (!key)
        return {};
    InspectorContent out;
    out.kind = tr("Key");
    out.title = key->name;
    const bool over = !key->expiresAt.isEmpty() && moment(key->expiresAt) <= QDateTime::currentDateTime();
    out.state = over ? StateView{StateKind::Stopped, tr("has run out"), {}, {}} : StateView{StateKind::Running, tr("works"), {}, {}};
    out.facts = {{tr("Person"), key->username},
                 {tr("Begins"), key->prefix + QStringLiteral("…")},
                 {tr("Models"), modelsOf(*key)},
                 {tr("Waits"), key->batch ? tr("behind people: batch") : tr("as its person does")},
                 {tr("Made"), momentText(moment(key->createdAt))},
                 {tr("Last used"), key->lastUsedAt.isEmpty() ? tr("never") : momentText(moment(key->lastUsedAt))},
                 {tr("Runs out"), key->expiresAt.isEmpty() ? tr("never") : momentText(moment(key->expiresAt))},
                 {tr("Id"), key->id}};
    return out;
}

} // namespace clawloops::gui
