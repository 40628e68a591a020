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

json::object toJson(const Group&);
json::object toJson(const Hold&);
json::object toJson(const Holds&);

} // namespace clawloops::wire
