// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/clock.h"
#include "base/pace.h"
#include "base/secret.h"
#include "gateway/body_memory.h"
#include "gateway/governor.h"
#include "gateway/refusals.h"
#include "gateway/target_book.h"
#include "gateway/upstreams.h"
#include "gateway/usage_spool.h"
#include "model/route_table.h"
#include "stream/registry.h"

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>

namespace clawloops::gateway {

struct ServiceLimits {
    std::uint64_t bodyBytes = 32u << 20; // of one request
    std::chrono::milliseconds bodyDeadline{60'000}; // for all of a body to come in
    BodyMemory::Limits bodies{}; // of all requests that are being read or not yet written to their last target
    int cellRequests = 16; // at once, of one caller; further ones get a 429
    // Of one caller, one `every` so often after a burst: each may become a row that stays in the database, and a line in the log.
    std::chrono::milliseconds every{100};
    int burst = 200;
    stream::UpstreamLimits upstream{};
};

struct ServiceStats {
    std::uint64_t requests = 0; // everything that came in, refused ones too
    std::uint64_t refused = 0; // answered here, without an upstream
    std::uint64_t answered = 0; // an upstream was asked
    std::uint64_t failed = 0; // of these, those that did not end well
    std::uint64_t fallbacks = 0;
};

// Requests of one caller that came too fast and were refused; told at most once a second.
struct TooFast {
    std::uint64_t untold = 0;
    SteadyTime nextTold{};
};

// What the model requests of one gateway share. One thread.
struct ServiceState {
    const Clock& clock;
    UsageSpool& spool;
    stream::ConnectionRegistry& registry;
    Upstreams upstreams;
    Secret liteLlmKey;
    Governor governor;
    RefusalBook refusals;
    TargetBook targets;
    ServiceLimits limits{};
    std::shared_ptr<const model::RouteTable> table; // never null
    ServiceStats stats{};
    std::map<std::string, int> active{}; // requests per caller
    Pace pace{limits.every, limits.burst}; // by caller; unknown keys are one of them, ""
    std::map<std::string, TooFast> tooFast{}; // by caller
    BodyMemory bodies{limits.bodies};
    std::function<void(std::int64_t last)> onBooked{};
};

} // namespace clawloops::gateway
