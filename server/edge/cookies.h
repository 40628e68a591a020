// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/clock.h"
#include "base/secret.h"

#include <string>
#include <string_view>
#include <utility>

namespace clawloops {

// `__Host-Http-`: a browser that knows the prefix takes such a cookie from an answer's header alone, and only when it is
// HttpOnly, Secure and of no other host, so no script, on whatever port of this host, can plant a session before there is one.
// Browsers that do not know it see a name that begins with `__Host-`, which keeps other hosts out.
inline constexpr std::string_view portalCookie = "__Host-Http-clawloops_session";
inline constexpr std::string_view workspaceCookie = "__Host-Http-clawloops_workspace";
// Whose workspace this browser has shown last: a user id, no secret. All workspaces are one origin to it.
inline constexpr std::string_view readerCookie = "__Host-Http-clawloops_reader";
// Nobody beyond the edge sees one of these; the second is how they began in earlier versions.
inline constexpr std::string_view ourCookiePrefixes[] = {"__Host-Http-clawloops_", "__Host-clawloops_"};

// The value of a cookie in a Cookie header. Empty when absent, and when it is there twice with two values: then nobody can
// say which is ours.
[[nodiscard]] Secret cookieValue(std::string_view cookieHeader, std::string_view name);
// The header less every cookie of ours; names are compared without case, as nothing good comes of `__host-Clawloops_…`.
[[nodiscard]] std::string withoutOurCookies(std::string_view cookieHeader);
[[nodiscard]] std::string setCookie(std::string_view name, const Secret& value, WallTime expires, WallTime now);
[[nodiscard]] std::string clearCookie(std::string_view name);
// What makes a browser drop all that an origin's pages have stored in it. Cookies stay.
[[nodiscard]] std::pair<std::string, std::string> clearStorage();

} // namespace clawloops
