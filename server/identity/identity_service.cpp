// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "identity/identity_service.h"

#include "base/log.h"
#include "identity/password_policy.h"
#include "identity/records.h"

#include <QTimer>

// Sign-in, sign-out, passwords. Invitations and users are in identity_people.cpp.
namespace clawloops::identity {

namespace {

constexpr Log logger("identity");

Error wrongPassword() {
    return {ErrorCode::InvalidCredentials, "The username or the password is wrong. Try again, or ask an admin for a new invitation.", {}};
}

Error tooSoon(std::chrono::seconds wait) {
    return {ErrorCode::RateLimited, "Too many failed attempts. Try again in " + std::to_string(wait.count()) + " s.", {}};
}

store::Actor actorOf(const User& user, const SignInContext& context) {
    return {user.id, user.username, context.actor.address, context.actor.rid};
}

} // namespace

IdentityService::IdentityService(IdentityParts parts, QObject* parent) : QObject(parent), m_parts(parts), m_backoff(parts.clock) {}

void IdentityService::adopt(const Issued& issued) {
    m_parts.sessions.putSignedIn(issued.signedIn.user);
    for (const Session& session : issued.sessions)
        m_parts.sessions.put(session);
    m_parts.sessions.endSessions(issued.ended);
    Q_EMIT userChanged(QString::fromStdString(issued.signedIn.user.id));
}

void IdentityService::login(const std::string& username, const Secret& password, const SignInContext& context, QObject* guard,
                            Done<SignedIn> done) {
    const auto reply = guarded(guard, std::move(done));
    if (const auto wait = m_backoff.begin(username, context.actor.address); wait.count() > 0) {
        logger.warning("a sign-in has to wait", context.actor.rid, {{"address", context.actor.address}, {"seconds", wait.count()}});
        QTimer::singleShot(0, this, [reply, wait] { reply(tooSoon(wait)); });
        return;
    }
    const SignInTerms terms{context.bearer, context.actor, m_parts.limits, m_parts.clock.now()};

    const auto refuse = [this, username, context, reply] {
        m_parts.database.run(
            [username, actor = context.actor](store::Transaction& tx) { return store::appendAudit(tx, actor, "auth.login_failed", username.substr(0, 64)); },
            this, [reply](Status) { reply(wrongPassword()); });
    };
    const auto admit = [this, terms, context, reply](const StoredUser& stored) {
        m_parts.database.run(
            [stored, terms, context](store::Transaction& tx) -> Result<Issued> {
                // Locked and read again: the password or the status may have changed while it was being hashed.
                auto now = findUser(tx, "id = $1 FOR UPDATE", stored.user.id);
                if (!now)
                    return now.error();
                if (!*now || (*now)->passwordHash != stored.passwordHash)
                    return wrongPassword();
                if ((*now)->user.isDisabled())
                    return Error{ErrorCode::UserDisabled, "This account is disabled. Ask an admin.", {}};
                std::set<std::string> ended;
                if (!context.replacesSession.empty()) {
                    auto gone = deleteSessions(tx, "login_id = (SELECT login_id FROM sessions WHERE hash = $1)", context.replacesSession);
                    if (!gone)
                        return gone.error();
                    ended = std::move(*gone);
                }
                auto issued = issueSessions(tx, (*now)->user, terms);
                if (!issued)
                    return issued;
                issued->ended = std::move(ended);
                if (Status written = store::appendAudit(tx, actorOf(stored.user, context), "auth.login", stored.user.id, {{"bearer", terms.bearer}}); !written)
                    return written.error();
                return issued;
            },
            this, [this, username = stored.user.username, context, reply](Result<Issued> issued) {
                if (!issued)
                    return reply(issued.error());
                m_backoff.succeeded(username, context.actor.address);
                adopt(*issued);
                reply(std::move(issued->signedIn));
            });
    };

    m_parts.database.run(
        [username](store::Transaction& tx) { return findUser(tx, "username = $1", isUsername(username) ? username : std::string()); }, this,
        [this, password, refuse, admit, reply](Result<std::optional<StoredUser>> stored) {
            if (!stored)
                return reply(stored.error());
            m_parts.hasher.verify(password, *stored ? (*stored)->passwordHash : std::string(), this,
                                  [stored = *stored, refuse, admit, reply](Result<bool> matches) {
                                      if (!matches)
                                          reply(matches.error());
                                      else if (*matches && stored)
                                          admit(*stored);
                                      else
                                          refuse();
                                  });
        });
}

void IdentityService::logout(const std::string& sessionHash, const store::Actor& actor, QObject* guard, std::function<void(Status)> done) {
    m_parts.database.run(
        [sessionHash, actor](store::Transaction& tx) -> Result<std::set<std::string>> {
            auto ended = deleteSessions(tx, "login_id = (SELECT login_id FROM sessions WHERE hash = $1)", sessionHash);
            if (ended && !ended->empty())
                if (Status written = store::appendAudit(tx, actor, "auth.logout", actor.userId); !written)
                    return written.error();
            return ended;
        },
        this, [this, reply = guarded(guard, std::move(done))](Result<std::set<std::string>> ended) {
            if (!ended)
                return reply(ended.error());
            m_parts.sessions.endSessions(*ended);
            reply(Status());
        });
}

void IdentityService::changePassword(const std::string& userId, const Secret& current, const Secret& next, const SignInContext& context,
                                     QObject* guard, Done<SignedIn> done) {
    const auto reply = guarded(guard, std::move(done));
    m_parts.database.run(
        [userId](store::Transaction& tx) { return findUser(tx, "id = $1", userId); }, this,
        [this, userId, current, next, context, reply](Result<std::optional<StoredUser>> found) {
            if (!found)
                return reply(found.error());
            if (!*found)
                return reply(Error{ErrorCode::UserNotFound, "This account is no longer there.", {}});
            const StoredUser& stored = **found;
            // By the session, not by the name: who guesses at the name's sign-in must not delay this, least of all after a leak.
            const std::string guesser = context.replacesSession.empty() ? stored.user.id : context.replacesSession;
            if (const auto wait = m_backoff.beginChange(guesser); wait.count() > 0)
                return reply(tooSoon(wait));
            m_parts.hasher.verify(current, stored.passwordHash, this, [this, stored, current, next, context, guesser, reply](Result<bool> matches) {
                if (!matches)
                    return reply(matches.error());
                if (!*matches)
                    return reply(Error{ErrorCode::CurrentPasswordIncorrect, "The current password is not this one. Try again.", {}});
                m_backoff.changed(guesser);
                if (normalisedPassword(current).equals(normalisedPassword(next)))
                    return reply(Error{ErrorCode::PasswordChangeInvalid, "The new password is the old one. Choose another.", {}});
                if (Status fine = checkPassword(next, stored.user.username, ErrorCode::PasswordChangeInvalid); !fine)
                    return reply(fine.error());
                change(stored.user.id, stored.user.username, next, stored.passwordHash, context, reply);
            });
        });
}

void IdentityService::change(const std::string& userId, const std::string& username, const Secret& next, const std::string& oldHash,
                             const SignInContext& context, Done<SignedIn> reply) {
    const SignInTerms terms{context.bearer, context.actor, m_parts.limits, m_parts.clock.now()};
    m_parts.hasher.hash(next, this, [this, userId, username, oldHash, terms, context, reply](Result<std::string> hash) {
        if (!hash)
            return reply(hash.error());
        m_parts.database.run(
            [userId, oldHash, hash = *hash, terms, context](store::Transaction& tx) -> Result<Issued> {
                Status changed = tx.exec("UPDATE users SET password_hash = $3, must_change_password = false, password_change_reason = NULL"
                                         " WHERE id = $1 AND password_hash = $2",
                                         {userId, oldHash, hash});
                if (!changed)
                    return changed.error();
                auto stored = findUser(tx, "id = $1", userId);
                if (!stored)
                    return stored.error();
                if (!*stored || (*stored)->passwordHash != hash)
                    return Error{ErrorCode::CurrentPasswordIncorrect, "The password was changed elsewhere at the same moment. Sign in again.", {}};
                auto ended = deleteSessions(tx, "user_id = $1", userId);
                if (!ended)
                    return ended.error();
                auto issued = issueSessions(tx, (*stored)->user, terms);
                if (!issued)
                    return issued;
                issued->ended = std::move(*ended);
                if (Status written = store::appendAudit(tx, actorOf((*stored)->user, context), "auth.password_change", userId); !written)
                    return written.error();
                return issued;
            },
            this, [this, reply](Result<Issued> issued) {
                if (!issued)
                    return reply(issued.error());
                adopt(*issued);
                reply(std::move(issued->signedIn));
            });
    });
}

} // namespace clawloops::identity
