// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "identity/types.h"

#include <algorithm>
#include <array>

namespace clawloops::identity {

namespace {

template <class E, std::size_t N>
std::optional<E> fromName(std::string_view text, const std::array<E, N>& values) {
    const auto found = std::find_if(values.begin(), values.end(), [text](E value) { return name(value) == text; });
    return found == values.end() ? std::nullopt : std::optional(*found);
}

bool isLetter(char c) { return c >= 'a' && c <= 'z'; }
bool isDigit(char c) { return c >= '0' && c <= '9'; }

} // namespace

std::string_view name(Role role) { return role == Role::Admin ? "admin" : "user"; }

std::string_view name(UserStatus status) { return status == UserStatus::Active ? "active" : "disabled"; }

std::string_view name(SessionKind kind) {
    switch (kind) {
    case SessionKind::Portal: return "portal";
    case SessionKind::Workspace: return "workspace";
    case SessionKind::Bearer: return "bearer";
    }
    return {};
}

std::string_view name(InvitationStatus status) {
    switch (status) {
    case InvitationStatus::Pending: return "pending";
    case InvitationStatus::Consumed: return "consumed";
    case InvitationStatus::Revoked: return "revoked";
    case InvitationStatus::Expired: return "expired";
    }
    return {};
}

std::optional<Role> roleFromName(std::string_view text) { return fromName(text, std::array{Role::User, Role::Admin}); }

std::optional<UserStatus> userStatusFromName(std::string_view text) {
    return fromName(text, std::array{UserStatus::Active, UserStatus::Disabled});
}

std::optional<SessionKind> sessionKindFromName(std::string_view text) {
    return fromName(text, std::array{SessionKind::Portal, SessionKind::Workspace, SessionKind::Bearer});
}

bool isUsername(std::string_view text) {
    if (text.size() < 2 || text.size() > 32 || !isLetter(text.front()) || text.back() == '-')
        return false;
    return std::all_of(text.begin(), text.end(), [](char c) { return isLetter(c) || isDigit(c) || c == '-'; });
}

wire::User toWire(const User& user) {
    wire::User out;
    out.userId = user.id;
    out.subjectId = user.id;
    out.username = user.username;
    out.tenantId = "default";
    out.role = name(user.role);
    out.status = name(user.status);
    out.isAdmin = user.isAdmin();
    out.isDisabled = user.isDisabled();
    out.mustChangePassword = user.mustChangePassword;
    out.passwordChangeReason = user.passwordChangeReason;
    out.createdAt = toRfc3339(user.createdAt);
    if (user.lastSignInAt)
        out.lastSignInAt = toRfc3339(*user.lastSignInAt);
    return out;
}

wire::Invitation toWire(const Invitation& invitation) {
    wire::Invitation out;
    out.invitationId = invitation.id;
    out.username = invitation.username;
    out.role = name(invitation.role);
    out.status = name(invitation.status);
    out.createdAt = toRfc3339(invitation.createdAt);
    out.expiresAt = toRfc3339(invitation.expiresAt);
    return out;
}

} // namespace clawloops::identity
