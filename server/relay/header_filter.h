// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "stream/http.h"
#include "wire/grant.h"

#include <string>
#include <string_view>

namespace clawloops::relay {

inline constexpr std::string_view standInAddress = "192.0.2.1"; // OpenClaw refuses loopback clients behind a proxy

// The address of the client as Traefik saw it: the last hop of the last X-Forwarded-For. Loopback, nonsense or nothing gives
// standInAddress.
[[nodiscard]] std::string clientAddress(const stream::Fields& fields);

// Empty when the head may pass at all, else why not: a field that must be single appears twice, or Host is missing.
[[nodiscard]] std::string_view whyHeadRefused(const stream::Fields& fields);

// What a cell gets to see: a fixed list of fields, and what the relay says itself. Everything else is dropped, by whatever
// name it claims an identity. `upgrade`: with the fields of a WebSocket handshake.
[[nodiscard]] stream::Fields requestFields(const stream::Fields& received, const Grant& grant, bool upgrade);

// What a browser gets to see: without hop fields, without ours, without what would reach beyond the workspace's path (service
// worker scope, site data, HSTS, other services); cookies are confined to the prefix and cannot take our names.
void filterResponse(stream::Fields& fields, const Grant& grant);

[[nodiscard]] std::string withoutOurCookies(std::string_view cookieHeader);
// A Set-Cookie confined to the prefix; empty when it must not pass.
[[nodiscard]] std::string confinedCookie(std::string_view setCookie, std::string_view prefix);

} // namespace clawloops::relay
