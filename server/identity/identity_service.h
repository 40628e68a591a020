// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/clock.h"
#include "base/result.h"
#include "base/secret.h"
#include "identity/login_backoff.h"
#include "identity/password_hasher.h"
#include "identity/session_index.h"
#include "identity/types.h"
#include "store/audit_log.h"
#include "store/database.h"

#include <QObject>

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace clawloops::identity {

struct Issued;

struct IdentityParts { // all outlive the service and live on its thread
    store::Database& database;
    PasswordHasher& hasher;
    SessionIndex& sessions;
    const Clock& clock;
    SessionLimits limits{}; // the same as the index's
    std::chrono::seconds invitationLifetime{7 * 24 * 3600};
    std::chrono::seconds bootstrapLifetime{30 * 60};
};

// How somebody signs in.
struct SignInContext {
    store::Actor actor; // address and rid are used; userId and username are found out
    bool bearer = false; // desktop app and command line: one bearer token instead of two cookies
    std::string replacesSession; // hash of the session the request came with, ended by a success; may be empty
};

// Users, sign-in, invitations. Every call returns at once; `done` runs later on this thread unless `guard` has died. Every
// change and every sign-in, also a failed one, is in the audit log, in the same transaction. Usernames are compared as they
// are (lower case only). Authorisation by role is the caller's: this service does what it is asked.
class IdentityService : public QObject {
    Q_OBJECT
public:
    template <class T> using Done = std::function<void(Result<T>)>;

    explicit IdentityService(IdentityParts parts, QObject* parent = nullptr);

    // --- sign-in
    // InvalidCredentials (same words and same time for an unknown name, a wrong password and a name that cannot be),
    // RateLimited with the seconds to wait, UserDisabled after the right password only.
    void login(const std::string& username, const Secret& password, const SignInContext& context, QObject* guard, Done<SignedIn> done);
    // Ends the login's sessions, portal and workspace both. Unknown hash: fine.
    void logout(const std::string& sessionHash, const store::Actor& actor, QObject* guard, std::function<void(Status)> done);
    // CurrentPasswordIncorrect (counts for the back-off), PasswordChangeInvalid. Ends every session of the user and answers
    // new ones of the kind asked for by the context.
    void changePassword(const std::string& userId, const Secret& current, const Secret& next, const SignInContext& context,
                        QObject* guard, Done<SignedIn> done);

    // --- the first admin
    // A new single-use token, valid 30 min, while there is no admin: then earlier ones are void. None when there is one.
    void openBootstrap(QObject* guard, Done<std::optional<Secret>> done);
    void bootstrapOpen(QObject* guard, Done<bool> done); // no admin yet
    // InvitationNotFound, -Expired, -AlreadyConsumed, InvitationPasswordInvalid, InvalidRequest (username).
    void acceptBootstrap(const Secret& token, const std::string& username, const Secret& password, const SignInContext& context,
                         QObject* guard, Done<SignedIn> done);

    // --- users
    void users(QObject* guard, Done<std::vector<User>> done); // by username
    void user(const std::string& userId, QObject* guard, Done<User> done); // UserNotFound
    // AccessDenied when it would leave no active admin or disable the actor. Disabling revokes the invitations that the user made
    // or sent again last.
    void setStatus(const std::string& userId, UserStatus status, const store::Actor& actor, QObject* guard, Done<User> done);

    // --- invitations
    // InvalidRequest: not a username, or taken (by a user or a pending invitation).
    void invite(const std::string& username, Role role, const store::Actor& actor, QObject* guard, Done<NewInvitation> done);
    void invitations(QObject* guard, Done<std::vector<Invitation>> done); // newest first, bootstrap ones left out
    void invitation(const std::string& invitationId, QObject* guard, Done<Invitation> done); // InvitationNotFound
    void revokeInvitation(const std::string& invitationId, const store::Actor& actor, QObject* guard, Done<Invitation> done);
    // A new token and a new term; the old link is void. Not for a consumed or revoked one.
    void resendInvitation(const std::string& invitationId, const store::Actor& actor, QObject* guard, Done<NewInvitation> done);
    // What the public page shows; also of one that is consumed, revoked or expired: see its status.
    void showInvitation(const Secret& token, QObject* guard, Done<Invitation> done);
    // Single use, also when accepted twice at once. `username` empty or that of the invitation, else
    // InvitationUsernameMismatch. A password that is refused does not consume it. InvitationRevoked when who invited is disabled,
    // or no admin and the invitation is for one.
    void acceptInvitation(const Secret& token, const std::string& username, const Secret& password, const SignInContext& context,
                          QObject* guard, Done<SignedIn> done);

    // --- the journal
    void audit(std::int64_t before, int limit, QObject* guard, Done<std::vector<store::AuditEntry>> done);

Q_SIGNALS:
    void userChanged(const QString& userId); // made, changed, signed in
    void invitationChanged(const QString& invitationId);

private:
    void adopt(const Issued& issued);
    void change(const std::string& userId, const std::string& username, const Secret& next, const std::string& oldHash,
                const SignInContext& context, Done<SignedIn> reply);
    void acceptWith(bool bootstrap, const Secret& token, const std::string& username, const Secret& password,
                    const SignInContext& context, QObject* guard, Done<SignedIn> done);

    IdentityParts m_parts;
    LoginBackoff m_backoff;
};

} // namespace clawloops::identity
