// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/clock.h"
#include "base/result.h"
#include "store/connection.h"
#include "wire/api_types.h"
#include "wire/usage_types.h"

#include <string>
#include <string_view>
#include <vector>

// What pages and files say of usage, for jobs on store threads: read from the sums by day, never from events, so that a year of many
// people is as quick as a week.
namespace clawloops::governance {

// "2026-11-26", and no other way to write a day.
[[nodiscard]] bool isDay(std::string_view text);

struct UsageQuestion {
    std::string from; // days (UTC), both counted
    std::string to;
    std::string by = "person"; // person | route | target | key | day
    std::string userId; // only this one's; empty: everybody's
    std::string modelId; // only this route's; empty: all
};
// InvalidRequest: no day, to before from, more than 1,100 days, an unknown `by`. The total is summed by itself.
[[nodiscard]] Result<wire::UsageReport> usageReport(store::Transaction& tx, const UsageQuestion& question);

// Of each route, since the first day: they only ever grow.
[[nodiscard]] Result<std::vector<wire::UsageRow>> routeTotalsOf(store::Transaction& tx);

// One row a day, person, route and target, by day; money in dollars. InvalidRequest as above, and for more than 100,000 rows.
[[nodiscard]] Result<std::string> usageCsv(store::Transaction& tx, const std::string& from, const std::string& to);

// From the first of the month (UTC) until now. `ownerUserId` empty: everybody's, with byUser; else that user's own.
[[nodiscard]] Result<wire::UsageSummary> usageSummary(store::Transaction& tx, WallTime now, const std::string& ownerUserId);

} // namespace clawloops::governance
