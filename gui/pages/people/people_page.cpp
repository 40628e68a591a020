// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/people/people_page.h"

#include "pages/people/freeze_dialog.h"
#include "pages/people/groups_panel.h"
#include "pages/people/holds_panel.h"
#include "pages/people/invite_dialog.h"
#include "pages/people/keys_panel.h"
#include "pages/people/limits_panel.h"
#include "widgets/confirm_dialog.h"
#include "widgets/live_table.h"
#include "widgets/message_panel.h"
#include "widgets/sections.h"

#include <QAction>
#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>

namespace clawloops::gui {

PeoplePage::PeoplePage(LiveData& live, ApiClient& client, QWidget* parent)
    : Page(tr("People"), parent), m_data(live), m_client(client), m_sections(new Sections(this)), m_holds(new HoldsPanel(live, client, m_sections)),
      m_groups(new GroupsPanel(live, client, m_sections)), m_keys(new KeysPanel(live, client, m_sections)), m_limits(new LimitsPanel(live, client, m_sections)),
      m_panels{m_holds, m_groups, m_keys, m_limits}, m_invite(new QAction(tr("Invite…"), this)), m_freeze(new QAction(tr("Freeze…"), this)),
      m_freezeAll(new QAction(tr("Freeze everybody…"), this)), m_disable(new QAction(tr("Disable"), this)),
      m_withdraw(new QAction(tr("Withdraw invitation"), this)), m_newLink(new QAction(tr("New link…"), this)) {
    connect(addFilter(tr("Filter people")), &QLineEdit::textChanged, this, [this](const QString& words) {
        m_filter.setWords(words);
        for (ListPanel* panel : std::as_const(m_panels))
            panel->setWords(words);
    });
    makeActions();
    m_people = makeTable();
    m_sections->add(tr("People"), m_people);
    m_sections->add(tr("Holds"), m_holds);
    m_sections->add(tr("Groups"), m_groups);
    m_sections->add(tr("Keys"), m_keys);
    m_sections->add(tr("Limits"), m_limits);
    setEmpty(tr("Nobody here yet"), tr("People join by a link that you make for each of them. It works once and runs out by itself."),
             tr("Invite…"), [this] { invite(); });
    setContent(m_sections);
    m_holds->setEager(true); // the people's states need it
    for (ListPanel* panel : std::as_const(m_panels)) {
        connect(panel, &ListPanel::selectionMoved, this, &PeoplePage::inspectedChanged);
        connect(panel, &ListPanel::done, this, [this](const QString& sentence) { notice(sentence); });
        connect(panel, &ListPanel::failed, this, &PeoplePage::failureNotice);
    }
    connect(m_sections, &Sections::currentChanged, this, &PeoplePage::followSelection);
    connect(&live.holds, &HoldsTable::held, this, &PeoplePage::followHolds);
    connect(&live, &LiveData::changed, this, [this] {
        refresh();
        followSelection();
    });
    followSelection();
}

void PeoplePage::makeActions() {
    m_invite->setShortcut(QKeySequence::New);
    m_invite->setToolTip(tr("Make a link with which somebody joins (Ctrl+N)"));
    m_disable->setToolTip(tr("Disabling ends what a person has open and keeps their workspace; they cannot sign in"));
    m_freeze->setToolTip(tr("No model answers this person until you release them; what they have open stays open"));
    m_freezeAll->setToolTip(tr("No model answers anybody"));
    m_freezeAll->setShortcut(QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_F));
    addHeaderButton(m_newLink);
    addHeaderButton(m_withdraw);
    addHeaderButton(m_disable);
    addHeaderButton(m_freeze);
    addHeaderButton(m_invite, true);
    addMenuAction(m_freezeAll);
    connect(m_invite, &QAction::triggered, this, &PeoplePage::invite);
    connect(m_freeze, &QAction::triggered, this, &PeoplePage::freezeOrRelease);
    connect(m_freezeAll, &QAction::triggered, this, &PeoplePage::freezeOrReleaseAll);
    connect(m_disable, &QAction::triggered, this, &PeoplePage::askToDisable);
    connect(m_withdraw, &QAction::triggered, this, &PeoplePage::askToWithdraw);
    connect(m_newLink, &QAction::triggered, this, [this] {
        if (const PersonRow* row = only(); row && row->invitation)
            newLink(fromWire(row->invitation->invitationId));
    });
}

QWidget* PeoplePage::makeTable() {
    m_filter.setSourceModel(&m_data.people);
    auto* part = new QWidget(m_sections);
    m_allFrozen = new NoticeBar(part);
    m_table = new LiveTable(m_filter, part);
    m_table->setAccessibleName(tr("People"));
    m_table->setColumns({160, 150, 80, 130, 130, 110, 100}, PeopleModel::Person);
    m_table->setOptional({PeopleModel::Joined, PeopleModel::LastSignIn, PeopleModel::Role, PeopleModel::Tokens});
    m_table->setMuted({PeopleModel::Role, PeopleModel::Workspace, PeopleModel::LastSignIn, PeopleModel::Joined});
    m_table->setMenu({m_newLink, m_withdraw, m_freeze, m_disable});
    m_table->addCopy(tr("Copy name"), [this](const QString& key) {
        const PersonRow* row = m_data.people.find(key);
        return row ? fromWire(row->username()) : QString();
    });
    m_table->addCopy(tr("Copy id"), [](const QString& key) { return key; });
    auto* column = new QVBoxLayout(part);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_allFrozen);
    column->addWidget(m_table, 1);
    connect(m_table, &LiveTable::selectionMoved, this, &PeoplePage::followSelection);
    connect(m_allFrozen, &NoticeBar::actionPressed, this, &PeoplePage::freezeOrReleaseAll);
    return part;
}

bool PeoplePage::isEmpty() const { return m_data.people.rowCount() == 0; }

void PeoplePage::setDimmed(bool dimmed) {
    m_table->setDimmed(dimmed);
    for (ListPanel* panel : std::as_const(m_panels))
        panel->setDimmed(dimmed);
}

void PeoplePage::contactChanged() {
    for (ListPanel* panel : std::as_const(m_panels)) {
        if (isRefused())
            panel->forget();
        panel->setLive(isLive());
    }
    followHolds();
    followSelection();
}

void PeoplePage::selectKey(const QString& key) {
    m_sections->show(m_people);
    m_table->selectKey(key);
}

const PersonRow* PeoplePage::only() const {
    const QStringList keys = m_table->selectedKeys();
    return m_sections->current() == m_people && keys.size() == 1 ? m_data.people.find(keys.first()) : nullptr;
}

void PeoplePage::followSelection() {
    const PersonRow* row = only();
    const bool here = m_sections->current() == m_people;
    const bool invitation = row && row->invitation;
    const bool person = row && row->user;
    m_freeze->setText(person && m_data.holds.find(fromWire(row->user->userId)) ? tr("Release") : tr("Freeze…"));
    m_disable->setText(person && row->user->isDisabled ? tr("Enable") : tr("Disable"));
    m_invite->setEnabled(isLive());
    for (QAction* one : {m_freeze, m_disable}) {
        one->setEnabled(person && isLive());
        one->setVisible(here && !invitation);
    }
    for (QAction* one : {m_withdraw, m_newLink}) {
        one->setEnabled(invitation && isLive());
        one->setVisible(invitation);
    }
    Q_EMIT inspectedChanged();
}

void PeoplePage::followHolds() {
    const QString all = m_data.holds.all();
    m_freezeAll->setText(all.isEmpty() ? tr("Freeze everybody…") : tr("Release everybody"));
    m_freezeAll->setEnabled(isLive());
    if (all.isEmpty())
        m_allFrozen->clear();
    else
        m_allFrozen->say(NoticeBar::Tone::Bad, tr("Everybody is frozen, no model answers: %1").arg(all), isLive() ? tr("Release everybody") : QString());
    m_sections->setCount(m_holds, m_data.holds.rowCount());
    followSelection();
}

QString PeoplePage::frozenSentence() const { return m_allFrozen->isVisibleTo(m_people) ? m_allFrozen->sentence() : QString(); }

void PeoplePage::invite() {
    auto* dialog = new InviteDialog(m_client, window());
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->open();
}

void PeoplePage::takeHolds(const ApiResult& result, const QString& sentence) {
    if (const auto* failure = std::get_if<ApiFailure>(&result))
        return failureNotice(failure->sentence, failure->requestId);
    m_data.apply("hold", std::get<json::object>(result));
    notice(sentence);
}

void PeoplePage::freezeOrRelease() {
    const PersonRow* row = only();
    if (!row || !row->user)
        return;
    const QString id = fromWire(row->user->userId);
    const QString name = fromWire(row->username());
    if (m_data.holds.find(id)) {
        m_client.post(QStringLiteral("/admin/users/%1/release").arg(id), {}, this,
                      [this, name](const ApiResult& result) { takeHolds(result, tr("Models answer %1 again.").arg(name)); });
        return;
    }
    auto* dialog = new FreezeDialog(m_client, id, name, window());
    connect(dialog, &FreezeDialog::frozen, this,
            [this, name](const json::object& holds) { takeHolds(holds, tr("%1 is frozen: no model answers them.").arg(name)); });
    dialog->open();
}

void PeoplePage::freezeOrReleaseAll() {
    if (!m_data.holds.all().isEmpty()) {
        m_client.post(QStringLiteral("/admin/release"), {}, this,
                      [this](const ApiResult& result) { takeHolds(result, tr("Models answer again, but those who are frozen or held alone.")); });
        return;
    }
    auto* dialog = new FreezeDialog(m_client, {}, {}, window());
    connect(dialog, &FreezeDialog::frozen, this, [this](const json::object& holds) { takeHolds(holds, tr("Everybody is frozen: no model answers.")); });
    dialog->open();
}

void PeoplePage::askToDisable() {
    const PersonRow* row = only();
    if (!row || !row->user)
        return;
    const QString id = fromWire(row->user->userId);
    if (row->user->isDisabled)
        return setDisabled(id, false);
    const QString name = fromWire(row->username());
    ConfirmDialog::ask(this,
                       {tr("Disable %1?").arg(name),
                        tr("What %1 has open is closed at once, work in flight ends, and %1 cannot sign in until you enable them. "
                           "The workspace and its files are kept.").arg(name),
                        tr("Disable")},
                       [this, id] { setDisabled(id, true); });
}

void PeoplePage::askToWithdraw() {
    const PersonRow* row = only();
    if (!row || !row->invitation)
        return;
    ConfirmDialog::ask(this,
                       {tr("Withdraw the invitation of %1?").arg(fromWire(row->username())),
                        tr("The link that was sent stops working. You can invite them again at any time."), tr("Withdraw")},
                       [this, id = fromWire(row->invitation->invitationId)] { withdraw(id); });
}

void PeoplePage::setDisabled(const QString& userId, bool disabled) {
    const PersonRow* row = m_data.people.find(userId);
    const QString name = row ? fromWire(row->username()) : userId;
    m_client.patch(QStringLiteral("/admin/users/%1/status").arg(userId), {{"status", disabled ? "disabled" : "active"}}, this,
                   [this, userId, disabled, name](ApiResult result) {
                       if (const auto* failure = std::get_if<ApiFailure>(&result))
                           return failureNotice(failure->sentence, failure->requestId);
                       m_data.apply("user", std::get<json::object>(result));
                       if (disabled)
                           notice(tr("%1 is disabled: what was open is closed, the workspace is kept.").arg(name), tr("Undo"),
                                  [this, userId] { setDisabled(userId, false); });
                       else
                           notice(tr("%1 can sign in again.").arg(name));
                   });
}

void PeoplePage::withdraw(const QString& invitationId) {
    m_client.post(QStringLiteral("/admin/invitations/%1/revoke").arg(invitationId), {}, this, [this](ApiResult result) {
        if (const auto* failure = std::get_if<ApiFailure>(&result))
            return failureNotice(failure->sentence, failure->requestId);
        m_data.apply("invitation", std::get<json::object>(result));
        notice(tr("The invitation is withdrawn; its link no longer works."));
    });
}

void PeoplePage::newLink(const QString& invitationId) {
    auto* dialog = new InviteDialog(m_client, window());
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->open();
    dialog->resend(invitationId);
}

InspectorContent PeoplePage::inspected() const {
    for (const ListPanel* panel : m_panels)
        if (m_sections->current() == panel)
            return panel->inspected();
    if (const PersonRow* row = only())
        return inspectedPerson(*row);
    if (const auto count = m_table->selectedKeys().size(); count > 1) {
        InspectorContent many;
        many.title = tr("%1 people").arg(count);
        many.kind = tr("Selection");
        return many;
    }
    return {};
}

InspectorContent PeoplePage::inspectedPerson(const PersonRow& row) const {
    InspectorContent out;
    out.title = fromWire(row.username());
    out.state = m_data.people.stateOf(row);
    if (row.invitation) {
        out.kind = tr("Invitation");
        out.facts = {{tr("Role"), fromWire(row.invitation->role)},
                     {tr("Invited"), momentText(timeFromWire(row.invitation->createdAt))},
                     {tr("Runs out"), momentText(timeFromWire(row.invitation->expiresAt))}};
        return out;
    }
    const wire::User& user = *row.user;
    const wire::UsageLine usage = m_data.usage.ofUser(user.userId);
    const RuntimeRow* runtime = m_data.runtimes.ofUser(user.userId);
    out.kind = tr("Person");
    out.facts = {{tr("Role"), fromWire(user.role)},
                 {tr("Workspace"), runtime ? describe(*runtime).word : tr("none yet")},
                 {tr("Joined"), momentText(timeFromWire(user.createdAt))},
                 {tr("Last sign-in"), user.lastSignInAt ? momentText(timeFromWire(*user.lastSignInAt)) : tr("never")},
                 {tr("This month"), tr("%1 tokens in %2 requests").arg(countText(tokens(usage)), countText(usage.requests))},
                 {tr("Id"), fromWire(user.userId)}};
    const QString id = fromWire(user.userId);
    if (const wire::Hold* hold = m_data.holds.find(id)) {
        out.facts.prepend({tr("Since"), momentText(timeFromWire(hold->since))});
        if (!hold->numbers.empty())
            out.facts.prepend({tr("Numbers"), numbersText(hold->numbers)});
        if (hold->state != "frozen")
            out.facts.prepend({tr("Rule"), fromWire(hold->rule).replace(u'_', u' ')});
    }
    if (const QStringList groups = m_groups->namesOf(id); !groups.isEmpty())
        out.facts.insert(out.facts.size() - 1, {tr("Groups"), groups.join(QStringLiteral(", "))});
    if (const QStringList keys = m_keys->namesOf(id); !keys.isEmpty())
        out.facts.insert(out.facts.size() - 1, {tr("Keys"), keys.join(QStringLiteral(", "))});
    return out;
}

} // namespace clawloops::gui
