// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/clock.h"
#include "base/secret.h"
#include "wire/api_types.h"

#include <optional>
#include <string>
#include <string_view>

namespace clawloops::identity {

enum class Role { User, Admin };
enum class UserStatus { Active, Disabled };
enum class SessionKind { Portal, Workspace, Bearer };
enum class InvitationStatus { Pending, Consumed, Revoked, Expired };

[[nodiscard]] std::string_view name(Role role); // "user", "admin"
[[nodiscard]] std::string_view name(UserStatus status); // "active", "disabled"
[[nodiscard]] std::string_view name(SessionKind kind); // "portal", "workspace", "bearer"
[[nodiscard]] std::string_view name(InvitationStatus status); // "pending", "consumed", "revoked", "expired"
[[nodiscard]] std::optional<Role> roleFromName(std::string_view text);
[[nodiscard]] std::optional<UserStatus> userStatusFromName(std::string_view text);
[[nodiscard]] std::optional<SessionKind> sessionKindFromName(std::string_view text);
// [a-z][a-z0-9-]{0,30}[a-z0-9]
[[nodiscard]] bool isUsername(std::string_view text);

struct User {
    std::string id; // usr_…
    std::string username;
    Role role = Role::User;
    UserStatus status = UserStatus::Active;
    bool mustChangePassword = false;
    std::optional<std::string> passwordChangeReason;
    WallTime createdAt;
    std::optional<WallTime> lastSignInAt;

    [[nodiscard]] bool isAdmin() const { return role == Role::Admin; }
    [[nodiscard]] bool isDisabled() const { return status == UserStatus::Disabled; }
};
[[nodiscard]] wire::User toWire(const User& user);

// An invitation without its secret; that exists only in the answer of create and resend.
struct Invitation {
    std::string id; // inv_…
    std::string username; // fixed by who invited
    Role role = Role::User;
    InvitationStatus status = InvitationStatus::Pending;
    WallTime createdAt;
    WallTime expiresAt;
};
[[nodiscard]] wire::Invitation toWire(const Invitation& invitation);
struct NewInvitation {
    Invitation invitation;
    Secret token; // goes into the link's fragment, once
};

// What a sign-in gives. Either portal and workspace (two tokens of one login) or bearer is set.
struct SignedIn {
    User user;
    Secret portal;
    Secret workspace;
    Secret bearer;
    WallTime expiresAt; // absolute limit
};

} // namespace clawloops::identity
