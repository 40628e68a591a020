// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "identity/identity_service.h"
#include "store/connection.h"

#include <QPointer>

#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

// SQL of identity/, for jobs on store threads: nothing here touches an object of the event loop.
namespace clawloops::identity {

inline constexpr std::string_view userColumns =
    "id, username, role, status, must_change_password, password_change_reason, created_at, last_sign_in_at, password_hash";
struct StoredUser {
    User user;
    std::string passwordHash;
};
[[nodiscard]] StoredUser storedUser(const store::Row& row); // of userColumns
// `condition` is ours, with $1 for `value`.
[[nodiscard]] Result<std::optional<StoredUser>> findUser(store::Transaction& tx, std::string_view condition, const std::string& value);

inline constexpr std::string_view sessionColumns = "hash, login_id, kind, user_id, created_at, last_seen_at, expires_at";
[[nodiscard]] Session storedSession(const store::Row& row);

inline constexpr std::string_view invitationColumns = "id, username, role, status, created_at, expires_at";
[[nodiscard]] Invitation storedInvitation(const store::Row& row, WallTime now); // pending past its time: Expired
[[nodiscard]] Error notUsable(InvitationStatus status); // why a link does not work

// What a transaction that signs somebody in made and ended; the service adopts it once it is committed.
struct Issued {
    SignedIn signedIn;
    std::vector<Session> sessions;
    std::set<std::string> ended;
    std::string invitationId; // that was accepted
};
struct SignInTerms {
    bool bearer = false;
    store::Actor actor;
    SessionLimits limits;
    WallTime now;
};
[[nodiscard]] Result<Issued> issueSessions(store::Transaction& tx, const User& user, const SignInTerms& terms);
// `condition` is ours, with $1 for `value`. Answers the hashes that are gone.
[[nodiscard]] Result<std::set<std::string>> deleteSessions(store::Transaction& tx, std::string_view condition, const std::string& value);

[[nodiscard]] std::string tokenHash(const Secret& token); // lower-case hex SHA-256

// `done` unless `guard` has died; a null guard always.
template <class T> std::function<void(T)> guarded(QObject* guard, std::function<void(T)> done) {
    return [alive = QPointer<QObject>(guard), wanted = guard != nullptr, done = std::move(done)](T value) {
        if (alive || !wanted)
            done(std::move(value));
    };
}

} // namespace clawloops::identity
