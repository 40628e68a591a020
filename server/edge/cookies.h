// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/clock.h"
#include "base/secret.h"

#include <string>
#include <string_view>

namespace clawloops {

inline constexpr std::string_view portalCookie = "__Host-clawloops_session";
inline constexpr std::string_view workspaceCookie = "__Host-clawloops_workspace";
inline constexpr std::string_view ourCookiePrefix = "__Host-clawloops_"; // nobody beyond the edge sees one of these

// The value of a cookie in a Cookie header. Empty when absent, and when it is there twice with two values: then nobody can
// say which is ours.
[[nodiscard]] Secret cookieValue(std::string_view cookieHeader, std::string_view name);
// The header less every cookie of ours; names are compared without case, as nothing good comes of `__host-Clawloops_…`.
[[nodiscard]] std::string withoutOurCookies(std::string_view cookieHeader);
[[nodiscard]] std::string setCookie(std::string_view name, const Secret& value, WallTime expires, WallTime now);
[[nodiscard]] std::string clearCookie(std::string_view name);

} // namespace clawloops
