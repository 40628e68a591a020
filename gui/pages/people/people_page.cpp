// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/people/people_page.h"

#include "pages/people/invite_dialog.h"
#include "widgets/confirm_dialog.h"
#include "widgets/live_table.h"

#include <QAction>
#include <QLineEdit>
#include <QPushButton>

namespace clawloops::gui {

PeoplePage::PeoplePage(LiveData& live, ApiClient& client, QWidget* parent)
    : Page(tr("People"), parent), m_data(live), m_client(client), m_table(nullptr), m_invite(new QAction(tr("Invite…"), this)),
      m_freeze(new QAction(tr("Freeze"), this)), m_withdraw(new QAction(tr("Withdraw invitation"), this)),
      m_newLink(new QAction(tr("New link…"), this)) {
    m_filter.setSourceModel(&live.people);
    m_table = new LiveTable(m_filter, this);
    m_table->setAccessibleName(tr("People"));
    m_table->setColumns({160, 150, 80, 130, 130, 110, 100}, PeopleModel::Person);
    m_table->setOptional({PeopleModel::Joined, PeopleModel::LastSignIn, PeopleModel::Role, PeopleModel::Tokens});
    m_table->setMuted({PeopleModel::Role, PeopleModel::Workspace, PeopleModel::LastSignIn, PeopleModel::Joined});
    connect(addFilter(tr("Filter people")), &QLineEdit::textChanged, this, [this](const QString& words) { m_filter.setWords(words); });

    m_invite->setShortcut(QKeySequence::New);
    m_invite->setToolTip(tr("Make a link with which somebody joins (Ctrl+N)"));
    m_freeze->setToolTip(tr("Freezing ends what a person has open and keeps their workspace"));
    addHeaderButton(m_newLink);
    addHeaderButton(m_withdraw);
    addHeaderButton(m_freeze);
    addHeaderButton(m_invite, true);
    connect(m_invite, &QAction::triggered, this, &PeoplePage::invite);
    connect(m_freeze, &QAction::triggered, this, &PeoplePage::freeze);
    connect(m_withdraw, &QAction::triggered, this, &PeoplePage::askToWithdraw);
    connect(m_newLink, &QAction::triggered, this, [this] {
        if (const PersonRow* row = only(); row && row->invitation)
            newLink(fromWire(row->invitation->invitationId));
    });
    setEmpty(tr("Nobody here yet"), tr("People join by a link that you make for each of them. It works once and runs out by itself."),
             tr("Invite…"), [this] { invite(); });
    watch(m_filter);
    setContent(m_table);
    m_table->setMenu({m_newLink, m_withdraw, m_freeze});
    m_table->addCopy(tr("Copy name"), [this](const QString& key) {
        const PersonRow* row = m_data.people.find(key);
        return row ? fromWire(row->username()) : QString();
    });
    m_table->addCopy(tr("Copy id"), [](const QString& key) { return key; });
    connect(m_table, &LiveTable::selectionMoved, this, &PeoplePage::followSelection);
    connect(&live, &LiveData::changed, this, [this] {
        refresh();
        followSelection();
    });
    followSelection();
}

bool PeoplePage::isEmpty() const { return m_data.people.rowCount() == 0; }
void PeoplePage::setDimmed(bool dimmed) { m_table->setDimmed(dimmed); }
void PeoplePage::selectKey(const QString& key) { m_table->selectKey(key); }

const PersonRow* PeoplePage::only() const {
    const QStringList keys = m_table->selectedKeys();
    return keys.size() == 1 ? m_data.people.find(keys.first()) : nullptr;
}

void PeoplePage::followSelection() {
    const PersonRow* row = only();
    const bool invitation = row && row->invitation;
    m_freeze->setText(row && row->user && row->user->isDisabled ? tr("Unfreeze") : tr("Freeze"));
    m_invite->setEnabled(isLive());
    m_freeze->setEnabled(row && row->user && isLive());
    m_freeze->setVisible(!invitation);
    for (QAction* one : {m_withdraw, m_newLink}) {
        one->setEnabled(invitation && isLive());
        one->setVisible(invitation);
    }
    Q_EMIT inspectedChanged();
}

void PeoplePage::invite() {
    auto* dialog = new InviteDialog(m_client, window());
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->open();
}

void PeoplePage::freeze() {
    const PersonRow* row = only();
    if (!row || !row->user)
        return;
    const QString id = fromWire(row->user->userId);
    if (row->user->isDisabled)
        return setFrozen(id, false);
    const QString name = fromWire(row->username());
    ConfirmDialog::ask(this,
                       {tr("Freeze %1?").arg(name),
                        tr("What %1 has open is closed at once, work in flight ends, and %1 cannot sign in until you unfreeze them. "
                           "The workspace and its files are kept.").arg(name),
                        tr("Freeze")},
                       [this, id] { setFrozen(id, true); });
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

void PeoplePage::setFrozen(const QString& userId, bool frozen) {
    const PersonRow* row = m_data.people.find(userId);
    const QString name = row ? fromWire(row->username()) : userId;
    m_client.patch(QStringLiteral("/admin/users/%1/status").arg(userId), {{"status", frozen ? "disabled" : "active"}}, this,
                   [this, userId, frozen, name](ApiResult result) {
                       if (const auto* failure = std::get_if<ApiFailure>(&result))
                           return failureNotice(failure->sentence, failure->requestId);
                       m_data.apply("user", std::get<json::object>(result));
                       if (frozen)
                           notice(tr("%1 is frozen: what was open is closed, the workspace is kept.").arg(name), tr("Undo"),
                                  [this, userId] { setFrozen(userId, false); });
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
    const PersonRow* row = only();
    if (!row) {
        if (const auto count = m_table->selectedKeys().size(); count > 1) {
            InspectorContent many;
            many.title = tr("%1 people").arg(count);
            many.kind = tr("Selection");
            return many;
        }
        return {};
    }
    InspectorContent out;
    out.title = fromWire(row->username());
    out.state = describe(*row);
    if (row->invitation) {
        out.kind = tr("Invitation");
        out.facts = {{tr("Role"), fromWire(row->invitation->role)},
                     {tr("Invited"), momentText(timeFromWire(row->invitation->createdAt))},
                     {tr("Runs out"), momentText(timeFromWire(row->invitation->expiresAt))}};
        return out;
    }
    const wire::User& user = *row->user;
    const wire::UsageLine usage = m_data.usage.ofUser(user.userId);
    const RuntimeRow* runtime = m_data.runtimes.ofUser(user.userId);
    out.kind = tr("Person");
    out.facts = {{tr("Role"), fromWire(user.role)},
                 {tr("Workspace"), runtime ? describe(*runtime).word : tr("none yet")},
                 {tr("Joined"), momentText(timeFromWire(user.createdAt))},
                 {tr("Last sign-in"), user.lastSignInAt ? momentText(timeFromWire(*user.lastSignInAt)) : tr("never")},
                 {tr("This month"), tr("%1 tokens in %2 requests").arg(countText(tokens(usage)), countText(usage.requests))},
                 {tr("Id"), fromWire(user.userId)}};
    return out;
}

} // namespace clawloops::gui
