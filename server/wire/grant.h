// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/clock.h"
#include "base/result.h"
#include "base/secret.h"

#include <string>
#include <string_view>

namespace clawloops {

// What the session check gives the relay for one request: "this session may reach this cell, here, until then". Signed with
// HMAC-SHA256 under a key only the two hold, so that a route that lost its check opens nothing. Format in internals.md.
struct Grant {
    std::string cell;
    std::string user; // username
    std::string scopes; // OpenClaw's operator scopes, comma separated
    std::string session; // hex SHA-256 of the workspace session token
    std::string host; // as the browser sent it, with port
    std::string prefix; // "/w/<username>/"
    WallTime sessionExpires;
    WallTime expires;
    std::string rid;
};

inline constexpr std::chrono::seconds grantLifetime{30};
inline constexpr std::string_view grantHeader = "X-Clawloops-Grant";

[[nodiscard]] std::string signGrant(const Grant& grant, const Secret& key);
// Checks form, signature, lifetime (not expired, not longer than grantLifetime ahead) and that the session has not expired.
// Host and prefix are the caller's to compare with its own view of the request.
[[nodiscard]] Result<Grant> verifyGrant(std::string_view text, const Secret& key, WallTime now);

} // namespace clawloops
