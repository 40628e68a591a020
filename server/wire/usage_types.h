// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "wire/api_types.h"

#include <cstdint>
#include <string>
#include <vector>

// What the HTTP API says of usage (resources/docs/models.md), as values; the rules of wire/api_types.h hold. Days are UTC's. Money is
// nano-units of the currency (1 $ = 1,000,000,000).
namespace clawloops::wire {

struct UsageRow {
    std::string key; // user id, route, "route target", key id or day
    std::string title; // the same for people
    std::int64_t requests = 0;
    std::int64_t failed = 0;
    std::int64_t promptTokens = 0; // cached ones included
    std::int64_t cachedTokens = 0;
    std::int64_t completionTokens = 0; // reasoning included
    std::int64_t reasoningTokens = 0;
    std::int64_t costNanos = 0;
    std::int64_t estimated = 0; // requests whose tokens nobody reported
};
struct UsageReport { // GET admin/usage
    std::string from; // days, both counted
    std::string to;
    std::string by; // person | route | target | key | day
    std::vector<UsageRow> items; // dearest first; days in their order. They add up to the total: what came without a key has the key ""
    UsageRow total; // of everything, summed by itself
};
struct UsageKeeping { // GET|PUT admin/usage/keeping
    std::int64_t months = 13; // whole months that events are kept, beside the current one; sums by day stay for good
};

json::object toJson(const UsageRow&);
json::object toJson(const UsageReport&);
json::object toJson(const UsageKeeping&);

} // namespace clawloops::wire
