// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "identity/identity_service.h"

#include "base/random.h"
#include "identity/password_policy.h"
#include "identity/records.h"

// Invitations, and the first admin's link. Users are in identity_users.cpp, signing in is in identity_service.cpp.
namespace clawloops::identity {

namespace {

Error noInvitation() { return {ErrorCode::InvitationNotFound, "There is no such invitation.", {}}; }
Error nameTaken(const std::string& username) {
    return {ErrorCode::InvalidRequest, "The username " + username + " is taken. Choose another.", {}};
}
Error notAName() {
    return {ErrorCode::InvalidRequest,
            "A username has 2 to 32 lower-case letters, digits and hyphens, starts with a letter and does not end with a hyphen.", {}};
}

Result<bool> hasAdmin(store::Transaction& tx) {
    auto rows = tx.query("SELECT EXISTS (SELECT 1 FROM users WHERE role = 'admin')");
    if (!rows)
        return rows.error();
    return rows->front().flag(0);
}

struct StoredLink {
    Invitation invitation;
    bool bootstrap = false;
};

// Whatever state it is in; the caller judges.
Result<StoredLink> linkByToken(store::Transaction& tx, const std::string& hash, bool bootstrap, WallTime now) {
    auto rows = tx.query("SELECT " + std::string(invitationColumns) + " FROM invitations WHERE token_hash = $1 AND kind = $2",
                         {hash, bootstrap ? "bootstrap" : "invitation"});
    if (!rows)
        return rows.error();
    if (rows->empty())
        return notUsable(InvitationStatus::Pending);
    return StoredLink{storedInvitation(rows->front(), now), bootstrap};
}

Result<Invitation> invitationById(store::Transaction& tx, const std::string& id, WallTime now, bool lock) {
    auto rows = tx.query("SELECT " + std::string(invitationColumns) + " FROM invitations WHERE id = $1 AND kind = 'invitation'" +
                             (lock ? " FOR UPDATE" : ""),
                         {id});
    if (!rows)
        return rows.error();
    if (rows->empty())
        return noInvitation();
    return storedInvitation(rows->front(), now);
}

struct Accepting {
    bool bootstrap = false;
    std::string tokenHash;
    std::string username;
    Role role = Role::User;
    std::string passwordHash;
    SignInTerms terms;
};

// An invitation is as good as the person who gave its link away: an active one, and an admin where it makes one.
constexpr std::string_view inviterIsGood =
    " AND (kind = 'bootstrap' OR EXISTS (SELECT 1 FROM users WHERE users.id = created_by AND users.status = 'active'"
    " AND (users.role = 'admin' OR invitations.role = 'user')))";

// The one statement that consumes: of two at once, the second finds it consumed.
Result<Issued> consume(store::Transaction& tx, const Accepting& accepting) {
    auto consumed = tx.query("UPDATE invitations SET status = 'consumed', consumed_at = $2 WHERE token_hash = $1 AND status = 'pending'"
                             " AND expires_at > $2" + std::string(inviterIsGood) + " RETURNING id",
                             {accepting.tokenHash, accepting.terms.now});
    if (!consumed)
        return consumed.error();
    if (consumed->empty()) {
        auto link = linkByToken(tx, accepting.tokenHash, accepting.bootstrap, accepting.terms.now);
        if (!link)
            return link.error();
        const InvitationStatus status = link->invitation.status;
        return notUsable(status == InvitationStatus::Pending ? InvitationStatus::Revoked : status); // pending: its inviter is not good
    }
    if (accepting.bootstrap) {
        auto exists = hasAdmin(tx);
        if (!exists)
            return exists.error();
        if (*exists)
            return notUsable(InvitationStatus::Consumed);
    }
    User user;
    user.id = randomId("usr_");
    user.username = accepting.username;
    user.role = accepting.role;
    user.createdAt = accepting.terms.now;
    auto inserted = tx.query("INSERT INTO users (id, username, role, password_hash, created_at) VALUES ($1, $2, $3, $4, $5)"
                             " ON CONFLICT (username) DO NOTHING RETURNING id",
                             {user.id, user.username, name(user.role), accepting.passwordHash, user.createdAt});
    if (!inserted)
        return inserted.error();
    if (inserted->empty())
        return nameTaken(user.username);
    auto issued = issueSessions(tx, user, accepting.terms);
    if (!issued)
        return issued;
    issued->invitationId = consumed->front().text(0);
    const store::Actor actor{user.id, user.username, accepting.terms.actor.address, accepting.terms.actor.rid};
    const std::string_view action = accepting.bootstrap ? "bootstrap.accept" : "invitation.accept";
    if (Status written = store::appendAudit(tx, actor, action, issued->invitationId, {{"username", user.username}}); !written)
        return written.error();
    return issued;
}

} // namespace

void IdentityService::openBootstrap(QObject* guard, Done<std::optional<Secret>> done) {
    m_parts.database.run(
        [now = m_parts.clock.now(), lifetime = m_parts.bootstrapLifetime](store::Transaction& tx) -> Result<std::optional<Secret>> {
            auto exists = hasAdmin(tx);
            if (!exists)
                return exists.error();
            if (Status voided = tx.exec("UPDATE invitations SET status = 'revoked' WHERE kind = 'bootstrap' AND status = 'pending'"); !voided)
                return voided.error();
            if (*exists)
                return std::optional<Secret>();
            const Secret token = randomToken();
            const std::string id = randomId("inv_");
            Status made = tx.exec("INSERT INTO invitations (id, kind, role, token_hash, created_at, expires_at) VALUES ($1, 'bootstrap', 'admin', $2, $3, $4)",
                                  {id, tokenHash(token), now, now + lifetime});
            if (made)
                made = store::appendAudit(tx, store::systemActor(), "bootstrap.open", id);
            if (!made)
                return made.error();
            return std::optional(token);
        },
        guard, std::move(done));
}

void IdentityService::bootstrapOpen(QObject* guard, Done<bool> done) {
    m_parts.database.run(
        [](store::Transaction& tx) -> Result<bool> {
            auto exists = hasAdmin(tx);
            if (!exists)
                return exists;
            return !*exists;
        },
        guard, std::move(done));
}

void IdentityService::acceptBootstrap(const Secret& token, const std::string& username, const Secret& password, const SignInContext& context,
                                      QObject* guard, Done<SignedIn> done) {
    acceptWith(true, token, username, password, context, guard, std::move(done));
}

void IdentityService::acceptInvitation(const Secret& token, const std::string& username, const Secret& password,
                                       const SignInContext& context, QObject* guard, Done<SignedIn> done) {
    acceptWith(false, token, username, password, context, guard, std::move(done));
}

void IdentityService::acceptWith(bool bootstrap, const Secret& token, const std::string& username, const Secret& password,
                                 const SignInContext& context, QObject* guard, Done<SignedIn> done) {
    const auto reply = guarded(guard, std::move(done));
    Accepting accepting;
    accepting.bootstrap = bootstrap;
    accepting.tokenHash = tokenHash(token);
    accepting.terms = {context.bearer, context.actor, m_parts.limits, m_parts.clock.now()};
    const auto finish = [this, reply](Result<Issued> issued) {
        if (!issued)
            return reply(issued.error());
        adopt(*issued);
        Q_EMIT invitationChanged(QString::fromStdString(issued->invitationId));
        reply(std::move(issued->signedIn));
    };
    // Looked up before hashing, so that a guessed token costs us no scrypt.
    m_parts.database.run(
        [accepting](store::Transaction& tx) { return linkByToken(tx, accepting.tokenHash, accepting.bootstrap, accepting.terms.now); }, this,
        [this, accepting, username, password, reply, finish](Result<StoredLink> link) mutable {
            if (!link)
                return reply(link.error());
            const Invitation& invitation = link->invitation;
            if (invitation.status != InvitationStatus::Pending)
                return reply(notUsable(invitation.status));
            if (!accepting.bootstrap && !username.empty() && username != invitation.username)
                return reply(Error{ErrorCode::InvitationUsernameMismatch, "This invitation is for " + invitation.username + ".", {}});
            accepting.username = accepting.bootstrap ? username : invitation.username;
            accepting.role = invitation.role;
            if (!isUsername(accepting.username))
                return reply(notAName());
            if (Status fine = checkPassword(password, accepting.username, ErrorCode::InvitationPasswordInvalid); !fine)
                return reply(fine.error());
            m_parts.hasher.hash(password, this, [this, accepting, reply, finish](Result<std::string> hash) mutable {
                if (!hash)
                    return reply(hash.error());
                accepting.passwordHash = std::move(*hash);
                m_parts.database.run([accepting](store::Transaction& tx) { return consume(tx, accepting); }, this, finish);
            });
        });
}

void IdentityService::invite(const std::string& username, Role role, const store::Actor& actor, QObject* guard, Done<NewInvitation> done) {
    const WallTime now = m_parts.clock.now();
    m_parts.database.run(
        [username, role, actor, now, expires = now + m_parts.invitationLifetime](store::Transaction& tx) -> Result<NewInvitation> {
            if (!isUsername(username))
                return notAName();
            auto taken = findUser(tx, "username = $1", username);
            if (!taken)
                return taken.error();
            if (*taken)
                return nameTaken(username);
            // One that ran out no longer holds the name.
            if (Status freed = tx.exec("UPDATE invitations SET status = 'revoked' WHERE username = $1 AND kind = 'invitation' AND status = 'pending' AND expires_at <= $2", {username, now}); !freed)
                return freed.error();
            NewInvitation made;
            made.token = randomToken();
            made.invitation = {randomId("inv_"), username, role, InvitationStatus::Pending, now, expires};
            auto inserted = tx.query("INSERT INTO invitations (id, kind, username, role, token_hash, created_by, created_at, expires_at)"
                                     " VALUES ($1, 'invitation', $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING RETURNING id",
                                     {made.invitation.id, username, name(role), tokenHash(made.token), actor.userId, now, expires});
            if (!inserted)
                return inserted.error();
            if (inserted->empty())
                return Error{ErrorCode::InvalidRequest, username + " has a pending invitation. Send that again, or revoke it first.", {}};
            if (Status written = store::appendAudit(tx, actor, "invitation.create", made.invitation.id, {{"username", username}, {"role", name(role)}}); !written)
                return written.error();
            return made;
        },
        this, [this, reply = guarded(guard, std::move(done))](Result<NewInvitation> made) {
            if (made)
                Q_EMIT invitationChanged(QString::fromStdString(made->invitation.id));
            reply(std::move(made));
        });
}

void IdentityService::invitations(QObject* guard, Done<std::vector<Invitation>> done) {
    m_parts.database.run(
        [now = m_parts.clock.now()](store::Transaction& tx) -> Result<std::vector<Invitation>> {
            auto rows = tx.query("SELECT " + std::string(invitationColumns) +
                                 " FROM invitations WHERE kind = 'invitation' ORDER BY created_at DESC, id LIMIT 1000");
            if (!rows)
                return rows.error();
            std::vector<Invitation> list;
            for (const store::Row& row : *rows)
                list.push_back(storedInvitation(row, now));
            return list;
        },
        guard, std::move(done));
}

void IdentityService::invitation(const std::string& invitationId, QObject* guard, Done<Invitation> done) {
    m_parts.database.run([invitationId, now = m_parts.clock.now()](
                             store::Transaction& tx) { return invitationById(tx, invitationId, now, false); },
                         guard, std::move(done));
}

void IdentityService::revokeInvitation(const std::string& invitationId, const store::Actor& actor, QObject* guard, Done<Invitation> done) {
    m_parts.database.run(
        [invitationId, actor, now = m_parts.clock.now()](store::Transaction& tx) -> Result<Invitation> {
            auto found = invitationById(tx, invitationId, now, true);
            if (!found)
                return found;
            if (found->status == InvitationStatus::Consumed)
                return Error{ErrorCode::InvitationAlreadyConsumed, found->username + " has accepted already. Disable the user instead.", {}};
            if (found->status == InvitationStatus::Revoked)
                return found;
            found->status = InvitationStatus::Revoked;
            Status changed = tx.exec("UPDATE invitations SET status = 'revoked' WHERE id = $1", {invitationId});
            if (changed)
                changed = store::appendAudit(tx, actor, "invitation.revoke", invitationId, {{"username", found->username}});
            if (!changed)
                return changed.error();
            return found;
        },
        this, [this, reply = guarded(guard, std::move(done))](Result<Invitation> found) {
            if (found)
                Q_EMIT invitationChanged(QString::fromStdString(found->id));
            reply(std::move(found));
        });
}

void IdentityService::resendInvitation(const std::string& invitationId, const store::Actor& actor, QObject* guard, Done<NewInvitation> done) {
    const WallTime now = m_parts.clock.now();
    m_parts.database.run(
        [invitationId, actor, now, expires = now + m_parts.invitationLifetime](store::Transaction& tx) -> Result<NewInvitation> {
            auto found = invitationById(tx, invitationId, now, true);
            if (!found)
                return found.error();
            if (found->status == InvitationStatus::Consumed)
                return Error{ErrorCode::InvitationAlreadyConsumed, found->username + " has accepted already.", {}};
            if (found->status == InvitationStatus::Revoked)
                return Error{ErrorCode::InvitationRevoked, "This invitation was revoked. Make a new one.", {}};
            NewInvitation made{*found, randomToken()};
            made.invitation.status = InvitationStatus::Pending;
            made.invitation.expiresAt = expires;
            Status changed = tx.exec("UPDATE invitations SET token_hash = $2, expires_at = $3, created_by = $4 WHERE id = $1",
                                     {invitationId, tokenHash(made.token), expires, actor.userId}); // who has the link now
            if (changed)
                changed = store::appendAudit(tx, actor, "invitation.resend", invitationId, {{"username", found->username}});
            if (!changed)
                return changed.error();
            return made;
        },
        this, [this, reply = guarded(guard, std::move(done))](Result<NewInvitation> made) {
            if (made)
                Q_EMIT invitationChanged(QString::fromStdString(made->invitation.id));
            reply(std::move(made));
        });
}

void IdentityService::showInvitation(const Secret& token, QObject* guard, Done<Invitation> done) {
    m_parts.database.run(
        [hash = tokenHash(token), now = m_parts.clock.now()](store::Transaction& tx) -> Result<Invitation> {
            auto link = linkByToken(tx, hash, false, now);
            if (!link)
                return link.error();
            return link->invitation;
        },
        guard, std::move(done));
}

} // namespace clawloops::identity
