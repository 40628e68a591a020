// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "identity/records.h"

#include "base/digest.h"
#include "base/random.h"

#include <algorithm>

namespace clawloops::identity {

StoredUser storedUser(const store::Row& row) {
    StoredUser stored;
    User& user = stored.user;
    user.id = row.text(0);
    user.username = row.text(1);
    user.role = roleFromName(row.text(2)).value_or(Role::User);
    user.status = userStatusFromName(row.text(3)).value_or(UserStatus::Disabled);
    user.mustChangePassword = row.flag(4);
    user.passwordChangeReason = row.optionalText(5);
    user.createdAt = row.time(6);
    user.lastSignInAt = row.optionalTime(7);
    stored.passwordHash = row.text(8);
    return stored;
}

Result<std::optional<StoredUser>> findUser(store::Transaction& tx, std::string_view condition, const std::string& value) {
    auto rows = tx.query("SELECT " + std::string(userColumns) + " FROM users WHERE " + std::string(condition), {value});
    if (!rows)
        return rows.error();
    return rows->empty() ? std::optional<StoredUser>() : std::optional(storedUser(rows->front()));
}

Session storedSession(const store::Row& row) {
    Session session;
    session.hash = row.text(0);
    session.loginId = row.text(1);
    session.kind = sessionKindFromName(row.text(2)).value_or(SessionKind::Workspace);
    session.userId = row.text(3);
    session.createdAt = row.time(4);
    session.lastSeenAt = row.time(5);
    session.expiresAt = row.time(6);
    return session;
}

Invitation storedInvitation(const store::Row& row, WallTime now) {
    Invitation invitation;
    invitation.id = row.text(0);
    invitation.username = row.text(1);
    invitation.role = roleFromName(row.text(2)).value_or(Role::User);
    invitation.createdAt = row.time(4);
    invitation.expiresAt = row.time(5);
    const std::string status = row.text(3);
    if (status == "consumed")
        invitation.status = InvitationStatus::Consumed;
    else if (status == "revoked")
        invitation.status = InvitationStatus::Revoked;
    else
        invitation.status = invitation.expiresAt <= now ? InvitationStatus::Expired : InvitationStatus::Pending;
    return invitation;
}

Error notUsable(InvitationStatus status) {
    switch (status) {
    case InvitationStatus::Consumed:
        return {ErrorCode::InvitationAlreadyConsumed, "This link was used already. Sign in with the password that was chosen then.", {}};
    case InvitationStatus::Revoked:
        return {ErrorCode::InvitationRevoked, "This link was withdrawn. Ask for a new one.", {}};
    case InvitationStatus::Expired:
        return {ErrorCode::InvitationExpired, "This link has expired. Ask for a new one.", {}};
    case InvitationStatus::Pending: break;
    }
    return {ErrorCode::InvitationNotFound, "This link does not work. Check that it was copied whole, or ask for a new one.", {}};
}

Result<Issued> issueSessions(store::Transaction& tx, const User& user, const SignInTerms& terms) {
    Issued issued;
    issued.signedIn.user = user;
    issued.signedIn.user.lastSignInAt = terms.now;
    issued.signedIn.expiresAt = terms.now + (terms.bearer ? terms.limits.bearerAbsolute : terms.limits.absolute);
    const std::string loginId = randomId("lgn_");
    const auto add = [&](SessionKind kind, Secret& token) -> Status {
        token = randomToken();
        const Session session{tokenHash(token), loginId, kind, user.id, terms.now, terms.now, issued.signedIn.expiresAt};
        issued.sessions.push_back(session);
        return tx.exec("INSERT INTO sessions (hash, login_id, kind, user_id, address, created_at, last_seen_at, expires_at)"
                       " VALUES ($1, $2, $3, $4, $5, $6, $6, $7)",
                       {session.hash, loginId, name(kind), user.id, terms.actor.address, terms.now, session.expiresAt});
    };
    Status added = terms.bearer ? add(SessionKind::Bearer, issued.signedIn.bearer) : add(SessionKind::Portal, issued.signedIn.portal);
    if (added && !terms.bearer)
        added = add(SessionKind::Workspace, issued.signedIn.workspace);
    if (added)
        added = tx.exec("UPDATE users SET last_sign_in_at = $2 WHERE id = $1", {user.id, terms.now});
    if (!added)
        return added.error();
    return issued;
}

Result<std::set<std::string>> deleteSessions(store::Transaction& tx, std::string_view condition, const std::string& value) {
    auto rows = tx.query("DELETE FROM sessions WHERE " + std::string(condition) + " RETURNING hash", {value});
    if (!rows)
        return rows.error();
    std::set<std::string> hashes;
    for (const store::Row& row : *rows)
        hashes.insert(row.text(0));
    return hashes;
}

std::string tokenHash(const Secret& token) { return toHex(sha256(token.reveal())); }

} // namespace clawloops::identity
