// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/clock.h"
#include "base/secret.h"
#include "edge/addresses.h"
#include "edge/http.h"
#include "identity/session_index.h"

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace clawloops {

// Answers Traefik's forwardAuth for the workspace origin, from memory: may this request go on to the relay, and with which
// grant? By path → owner from our own data; nothing a client says about who it is counts but its workspace cookie.
//
// | who asks                            | page in a browser       | anything else |
// | sessions cannot be read             | 503                     | 503           |
// | wrong host                          | 404                     | 404           |
// | no or ended session                 | 303 portal              | 401           |
// | page of another origin, frame       | 403 (a link may come from anywhere) | 403 |
// | disabled                            | 303 portal (says so)    | 403           |
// | must change the password first      | 303 portal              | 403           |
// | not the owner (admins too), unknown | 404                     | 404           |
// | owner, "/"                          | 303 own workspace       | 404           |
// | owner, runtime not ready            | 303 portal (progress)   | 503           |
// | owner, runtime ready                | 200 with grant          | 200 with grant|
// | … in a browser that showed another's workspace last, or none yet | 303 to the same, and what was stored is dropped | 200 |
class SessionCheck {
public:
    struct Parts {
        identity::SessionIndex& sessions;
        // The cell of this user when it can be opened right now.
        std::function<std::optional<std::string>(const std::string& userId)> readyCell;
        const Clock& clock;
        const Addresses& addresses;
        Secret grantKey;
    };
    explicit SessionCheck(Parts parts) : m_parts(std::move(parts)) {}

    // `asked` is Traefik's request to /check.
    [[nodiscard]] HttpResponse answer(const HttpRequest& asked) const;

private:
    [[nodiscard]] HttpResponse decide(const HttpRequest& original, std::string_view hostHeader, std::string& cell) const;
    Parts m_parts;
};

// "/w/anna/x?y" → "anna"; none when the path is not of that form, or holds a dot segment in any spelling.
[[nodiscard]] std::optional<std::string> workspaceOwnerIn(std::string_view target);

} // namespace clawloops
