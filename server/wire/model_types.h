// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "wire/api_types.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

// What the HTTP API says of the model layer (resources/docs/models.md, "API"), as values; the rules of wire/api_types.h hold.
// Money is nano-units of the currency (1 $ = 1,000,000,000).
namespace clawloops::wire {

// --- people: groups, keys, budgets, limits, holds
struct Group { // GET|POST admin/groups, PUT admin/groups/{groupId}
    std::string groupId; // grp_…
    std::string name;
    std::vector<std::string> members; // user ids
};
struct Hold { // one whom no model answers, or only slowly
    std::string userId;
    std::string username;
    std::string state; // frozen (by an admin) | held | slowed (by the brake)
    std::string rule; // which one of the brake's; "frozen" for a freeze
    std::string sentence;
    json::object numbers; // at that moment
    std::string since;
};
struct Holds { // GET admin/holds, and what each change of it answers
    std::vector<Hold> items;
    std::string all; // why everybody is frozen; empty: they are not
};

struct PersonalKey { // GET admin/keys, users/me/keys; without its secret
    std::string keyId; // key_…
    std::string name;
    std::string prefix; // of the secret, to tell keys apart
    std::string userId;
    std::string username;
    std::string createdAt;
    std::optional<std::string> expiresAt; // none: never
    std::optional<std::string> lastUsedAt; // none: never
    std::vector<std::string> routes; // empty: all that the person may use
    bool batch = false; // waits behind everybody who is waited for by a person
};
struct NewPersonalKey { // POST users/me/keys: the only answer that carries the secret
    PersonalKey key;
    std::string secret; // clk_ and 43 letters
};

json::object toJson(const Group&);
json::object toJson(const Hold&);
json::object toJson(const Holds&);
json::object toJson(const PersonalKey&);
json::object toJson(const NewPersonalKey&);

} // namespace clawloops::wire
