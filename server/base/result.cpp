// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/result.h"

#include <array>

namespace clawloops {

namespace {
constexpr std::array<std::string_view, errorCodeCount> names = {
    "UNAUTHENTICATED",
    "INVALID_CREDENTIALS",
    "ACCESS_DENIED",
    "USER_DISABLED",
    "PASSWORD_CHANGE_REQUIRED",
    "USER_NOT_FOUND",
    "RUNTIME_NOT_FOUND",
    "INVITATION_NOT_FOUND",
    "MODEL_NOT_FOUND",
    "RUNTIME_ACTION_CONFLICT",
    "RUNTIME_START_FAILED",
    "INVITATION_ALREADY_CONSUMED",
    "INVITATION_REVOKED",
    "INVITATION_EXPIRED",
    "INVITATION_USERNAME_MISMATCH",
    "INVITATION_PASSWORD_INVALID",
    "CURRENT_PASSWORD_INCORRECT",
    "PASSWORD_CHANGE_INVALID",
    "QUOTA_EXCEEDED",
    "INVALID_REQUEST",
    "NOT_FOUND",
    "PAYLOAD_TOO_LARGE",
    "RATE_LIMITED",
    "UNAVAILABLE",
    "INTERNAL_ERROR",
};
}

std::string_view errorCodeName(ErrorCode code) { return names.at(static_cast<std::size_t>(code)); }

std::optional<ErrorCode> errorCodeFromName(std::string_view name) {
    for (std::size_t i = 0; i < names.size(); ++i)
        if (names[i] == name)
            return static_cast<ErrorCode>(i);
    return std::nullopt;
}

} // namespace clawloops
