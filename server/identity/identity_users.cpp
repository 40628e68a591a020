// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "identity/identity_service.h"

#include "identity/records.h"

#include <utility>

// Users, and the journal.
namespace clawloops::identity {

namespace {

struct Changed {
    User user;
    std::vector<std::pair<std::string, std::string>> revoked; // invitations: id, username
};

// Of a person who is being disabled, and who knows their links. Before the journal is written, as everybody who changes an
// invitation does: each waits for the other's lock else.
Status revokeInvitations(store::Transaction& tx, Changed& changed) {
    auto rows = tx.query("UPDATE invitations SET status = 'revoked' WHERE created_by = $1 AND kind = 'invitation' AND status = 'pending'"
                         " RETURNING id, username",
                         {changed.user.id});
    if (!rows)
        return rows.error();
    for (const store::Row& row : *rows)
        changed.revoked.emplace_back(row.text(0), row.text(1));
    return {};
}

} // namespace

void IdentityService::users(QObject* guard, Done<std::vector<User>> done) {
    m_parts.database.run(
        [](store::Transaction& tx) -> Result<std::vector<User>> {
            auto rows = tx.query("SELECT " + std::string(userColumns) + " FROM users ORDER BY username");
            if (!rows)
                return rows.error();
            std::vector<User> users;
            for (const store::Row& row : *rows)
                users.push_back(storedUser(row).user);
            return users;
        },
        guard, std::move(done));
}

void IdentityService::user(const std::string& userId, QObject* guard, Done<User> done) {
    m_parts.database.run(
        [userId](store::Transaction& tx) -> Result<User> {
            auto stored = findUser(tx, "id = $1", userId);
            if (!stored)
                return stored.error();
            if (!*stored)
                return Error{ErrorCode::UserNotFound, "There is no such user.", {}};
            return (*stored)->user;
        },
        guard, std::move(done));
}

void IdentityService::setStatus(const std::string& userId, UserStatus status, const store::Actor& actor, QObject* guard, Done<User> done) {
    m_parts.database.run(
        [userId, status, actor](store::Transaction& tx) -> Result<Changed> {
            // All admins are locked, so that two who disable each other at once leave one.
            auto admins = tx.query("SELECT id FROM users WHERE role = 'admin' AND status = 'active' ORDER BY id FOR UPDATE");
            if (!admins)
                return admins.error();
            auto stored = findUser(tx, "id = $1 FOR UPDATE", userId);
            if (!stored)
                return stored.error();
            if (!*stored)
                return Error{ErrorCode::UserNotFound, "There is no such user.", {}};
            Changed changed{(*stored)->user, {}};
            User& user = changed.user;
            const bool disabling = status == UserStatus::Disabled;
            if (user.status == status)
                return changed;
            if (disabling && user.id == actor.userId)
                return Error{ErrorCode::AccessDenied, "You cannot disable yourself. Another admin can.", {}};
            if (disabling && user.isAdmin() && admins->size() <= 1)
                return Error{ErrorCode::AccessDenied, user.username + " is the last active admin. Invite another admin first.", {}};
            user.status = status;
            Status written = tx.exec("UPDATE users SET status = $2 WHERE id = $1", {userId, name(status)});
            if (written && disabling)
                written = revokeInvitations(tx, changed);
            if (written)
                written = store::appendAudit(tx, actor, disabling ? "user.disable" : "user.enable", userId, {{"username", user.username}});
            for (const auto& [id, username] : changed.revoked)
                if (written)
                    written = store::appendAudit(tx, actor, "invitation.revoke", id, {{"username", username}});
            if (!written)
                return written.error();
            return changed;
        },
        this, [this, reply = guarded(guard, std::move(done))](Result<Changed> changed) {
            if (!changed)
                return reply(changed.error());
            m_parts.sessions.put(changed->user); // cuts the connections of one who is disabled now
            Q_EMIT userChanged(QString::fromStdString(changed->user.id));
            for (const auto& [id, username] : changed->revoked)
                Q_EMIT invitationChanged(QString::fromStdString(id));
            reply(std::move(changed->user));
        });
}

void IdentityService::audit(std::int64_t before, int limit, QObject* guard, Done<std::vector<store::AuditEntry>> done) {
    m_parts.database.run([before, limit](store::Transaction& tx) { return store::readAudit(tx, before, limit); }, guard, std::move(done));
}

} // namespace clawloops::identity
