// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/json.h"
#include "base/result.h"

#include <cstdint>
#include <string>
#include <vector>

// Arguments and replies of the gateway's control verbs (internals.md, "gateway"). Values and JSON only; fromJson refuses
// unknown members and wrong types by name. What the values mean together is checked by model/route_table.h.
namespace clawloops::gateway_verbs {

struct Target {
    std::string name;
    std::string kind = "openai"; // openai | litellm
    std::string url; // "unix:/path" or "http://host:port/base"; empty with litellm: the managed one
    std::string model; // what the upstream calls it
    std::int64_t weight = 1; // only with balance "weight"; 0: only as a fallback
};
struct Route {
    std::string name; // public model name
    std::string title;
    bool enabled = true;
    std::string balance = "order"; // order | weight; optional in JSON
    std::vector<Target> targets;
};
struct Cell {
    std::string cellId;
    std::string user; // user id, as usage is booked
    std::string tokenHash; // lower-case hex SHA-256 of the cell's token
    std::vector<std::string> routes; // names of the routes it may use
};
struct Configuration { // configure
    std::int64_t revision = 0;
    std::vector<Route> routes;
    std::vector<Cell> cells;
};
struct ConfigureReply {
    std::vector<std::string> opened; // cells whose model.sock listens, new or kept
    std::vector<std::string> missing; // cells whose directory is not there yet: configure again later
    std::vector<std::string> refused; // targets left out, a sentence each; the rest of the configuration is in force
};

struct UsageEvent {
    std::int64_t seq = 0; // counts up by one, never reused
    std::string requestId;
    std::string cellId;
    std::string userId;
    std::string route;
    std::string target;
    std::string model; // as the upstream calls it
    std::int64_t promptTokens = 0;
    std::int64_t completionTokens = 0;
    bool estimated = false; // the upstream reported no usage: the counts are a guess from bytes and events
    std::string startedAt; // RFC 3339, UTC
    std::int64_t firstByteMs = -1; // -1: there was none
    std::int64_t durationMs = 0;
    std::int64_t status = 0; // as the client got it; 499: it left before any
    std::string outcome; // ok upstream_error upstream_unreachable upstream_truncated upstream_timeout client_gone cut
    std::string upstreamId; // the upstream's own id of its answer
    std::int64_t bytesOut = 0; // of the answer's body
};
struct UsageRead {
    std::int64_t after = 0;
    std::int64_t limit = 500; // 1…1000
};

[[nodiscard]] json::object toJson(const Configuration& configuration);
[[nodiscard]] json::object toJson(const ConfigureReply& reply);
[[nodiscard]] json::object toJson(const UsageEvent& event);
[[nodiscard]] json::object usageReply(const std::vector<UsageEvent>& events); // {"events":[…]}

[[nodiscard]] Result<Configuration> configurationFromJson(const json::object& object);
[[nodiscard]] Result<ConfigureReply> configureReplyFromJson(const json::object& object);
[[nodiscard]] Result<UsageEvent> usageEventFromJson(const json::object& object);
[[nodiscard]] Result<std::vector<UsageEvent>> usageReplyFromJson(const json::object& object);
[[nodiscard]] Result<UsageRead> usageReadFromJson(const json::object& object);

} // namespace clawloops::gateway_verbs
