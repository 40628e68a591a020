// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/clock.h"
#include "base/json.h"
#include "base/result.h"
#include "store/connection.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace clawloops::store {

// Who did it: in every call that changes something.
struct Actor {
    std::string userId; // empty: nobody signed in, or the appliance itself
    std::string username; // "system" for the appliance itself
    std::string address; // the peer's, as Traefik saw it; empty for the appliance itself
    std::string rid;
};
[[nodiscard]] Actor systemActor();

struct AuditEntry {
    std::int64_t seq = 0;
    WallTime at;
    Actor actor;
    std::string action; // "user.disable", "auth.login", "auth.login_failed", "route.change" …
    std::string subject; // id or name of what it was done to
    json::object detail; // never a secret
};

// The journal of admin actions and sign-ins. Each row carries a SHA-256 over its own content and the row before, so that a row
// changed, removed or slipped in shows in verifyAudit(). Appending happens in the transaction of the action itself and takes
// a lock until its end, so rows are in commit order.
[[nodiscard]] Status appendAudit(Transaction& tx, const Actor& actor, std::string_view action, std::string_view subject,
                                 json::object detail = {});
// Newest first; `before` = seq of the last one seen, 0 at the start.
[[nodiscard]] Result<std::vector<AuditEntry>> readAudit(Transaction& tx, std::int64_t before, int limit);
// The seq of the first row that does not fit, or none.
[[nodiscard]] Result<std::optional<std::int64_t>> verifyAudit(Transaction& tx);

} // namespace clawloops::store
