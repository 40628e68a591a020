// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/clock.h"
#include "base/result.h"
#include "store/connection.h"
#include "wire/gateway_verbs.h"

#include <string>
#include <vector>

// Usage in PostgreSQL, for jobs on store threads: events by month, their sums by day, and how far a spool was taken over.
namespace clawloops::governance {

// Stores what is new of them, adds exactly that to the sums and moves the spool's mark: all of it or, with an error, none. An event
// that was stored before does nothing. A count beyond 1,000,000,000 tokens, or a cost beyond 10,000 $, is summed as that: it comes
// from an upstream, and must not keep a day from being summed.
[[nodiscard]] Status storeUsage(store::Transaction& tx, const std::string& spool, const std::vector<gateway_verbs::UsageEvent>& events);

// The part of the gateway's configuration that says which usage the budgets' sums hold. An orchestrator::ConfigurationPart.
[[nodiscard]] Status readBaseline(store::Transaction& tx, gateway_verbs::Configuration& into);

// Makes room for this month and the next, and drops events of months that ended more than `keepMonths` months ago; the sums stay.
[[nodiscard]] Status turnMonths(store::Transaction& tx, WallTime now, std::int64_t keepMonths);

} // namespace clawloops::governance
