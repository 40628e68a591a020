// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/json.h"
#include "wire/api_types.h"
#include "wire/usage_types.h"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace clawloops::api {

// What is counted, for one answer of GET admin/metrics.
struct Measured {
    std::vector<wire::UsageRow> routes; // since the first day
    json::object gateway; // its `stats`, since its start; empty while it is away
    std::map<std::string, std::int64_t> runtimes; // by observed state
    std::vector<wire::Component> components;
};
// Prometheus' text format (version 0.0.4).
[[nodiscard]] std::string metricsText(const Measured& measured);

} // namespace clawloops::api
