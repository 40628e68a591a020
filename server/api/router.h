// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "api/call.h"
#include "edge/addresses.h"

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace clawloops::api {

enum class Access {
    Public, // nobody has to be signed in; a caller is not looked for
    Anyone, // public, but the caller is found out when there is one
    SignedInAtAll, // also the disabled and those who must change their password first
    ChangingPassword, // also those who must change their password
    SignedIn,
    Admin,
};
enum class Body { None, Optional, Required };

struct Operation {
    std::string method;
    std::string pattern; // "/admin/users/{userId}/status", below /api/v1
    Access access = Access::Admin;
    Body body = Body::None;
    std::function<void(CallPtr)> handle;
    bool signsIn = false; // sets a cookie for a browser: held to the origin rule without a cookie too
};

// Finds the operation, and lets nothing through to it that is not as it should be. In this order, so that an answer never
// tells more than the asker may know: host, path (404), method (405), size (413), session (401), page (403), person (403),
// role (403), body (400).
class Router {
public:
    static constexpr std::size_t longestBody = 64 * 1024;

    Router(identity::SessionIndex& sessions, const Addresses& addresses) : m_sessions(sessions), m_addresses(addresses) {}
    void add(Operation operation);
    void handle(HttpRequest request, HttpReply reply) const;
    [[nodiscard]] const std::vector<Operation>& operations() const { return m_operations; }

private:
    [[nodiscard]] Status admit(const Operation& operation, Call& call) const;
    [[nodiscard]] Status identify(const Operation& operation, Call& call) const;
    identity::SessionIndex& m_sessions;
    const Addresses& m_addresses;
    std::vector<Operation> m_operations;
};

// Segments of a path below /api/v1, decoded; none when a segment is empty or holds anything but letters, digits and ._:@-/
[[nodiscard]] std::optional<std::vector<std::string>> pathSegments(std::string_view path);

} // namespace clawloops::api
