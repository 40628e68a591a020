// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "wire/api_types.h"

#include <cstdint>
#include <string>
#include <vector>

// What the HTTP API says of budgets and limits (resources/docs/models.md), as values; the rules of wire/api_types.h hold. Money is
// nano-units of the currency (1 $ = 1,000,000,000).
namespace clawloops::wire {

struct Budget { // GET|POST admin/budgets, PUT|POST …/{budgetId}, event `budget`
    std::string budgetId; // bud_…
    std::string name;
    std::string scope; // person | group | route | all
    std::string subject; // user, group or route; empty: each of them separately
    std::string unit; // money | tokens
    std::string window; // day | week | month | run
    std::int64_t limit = 0; // without a raise
    std::string raisedOn; // "2026-11-26": on this day (UTC) raisedBy counts too
    std::int64_t raisedBy = 0;
    std::int64_t spent = 0; // in the window that is now. Where `subject` is empty: by who has spent most
    std::int64_t reserved = 0; // of their requests under way
    std::string spender; // who that is: a username, a group's name, a route; empty: nobody yet
    std::string resetsAt; // empty: never (run)
};
struct Limit { // GET|PUT admin/limits; 0: none
    std::string scope; // key | person | route
    std::string subject; // empty: each that has none of its own
    std::int64_t requestsPerMinute = 0;
    std::int64_t tokensPerMinute = 0;
    std::int64_t streams = 0;
};
struct Quota { // GET users/me/quota, event `quota`: what is left, without anybody else's name
    std::vector<Budget> items; // those that apply; each with this person's own figures
    std::vector<Limit> limits;
    std::string held; // why no model answers; empty: they do
};

json::object toJson(const Budget&);
json::object toJson(const Limit&);
json::object toJson(const Quota&);

} // namespace clawloops::wire
