// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/json.h"
#include "base/result.h"
#include "wire/gateway_configuration.h"

#include <cstdint>
#include <string>
#include <vector>

// Arguments and replies of the gateway's control verbs (internals.md, "gateway"). Values and JSON only; fromJson refuses
// unknown members and wrong types by name. What the values mean together is checked by model/route_table.h.
namespace clawloops::gateway_verbs {

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
    std::string outcome; // ok upstream_error upstream_unreachable upstream_truncated upstream_timeout client_gone cut interrupted
    std::string upstreamId; // the upstream's own id of its answer
    std::int64_t bytesOut = 0; // of the answer's body
    // What follows may be absent in JSON: an older spool has none of it.
    std::string keyId{}; // the personal key it came by; empty for a cell
    std::string endpoint{}; // "/v1/chat/completions"
    std::string traceId{}; // of its run: 32 hex digits; empty where the client sent none
    std::int64_t cachedTokens = 0; // of promptTokens
    std::int64_t reasoningTokens = 0; // of completionTokens
    std::int64_t costNanos = 0; // at the target's price; 0 when it has none
    bool priced = false; // the target's price was known (0 counts)
    std::int64_t reservedTokens = 0; // what budgets held for it
    std::int64_t reservedNanos = 0;
    std::int64_t queuedMs = 0; // how long it waited for a place at the target
};
struct UsageReply { // usage.read
    std::string spool; // its own id: seq means nothing in another one; empty: the gateway does not say
    std::vector<UsageEvent> events;
};
struct UsageRead {
    std::int64_t after = 0;
    std::int64_t limit = 500; // 1…1000
};

[[nodiscard]] json::object toJson(const ConfigureReply& reply);
[[nodiscard]] json::object toJson(const UsageEvent& event);
void append(std::string& out, const UsageEvent& event); // the same as text, for the spool, which writes thousands a second
[[nodiscard]] json::object usageReply(const std::vector<UsageEvent>& events, const std::string& spool = {}); // {"events":[…],"spool"?}

[[nodiscard]] Result<ConfigureReply> configureReplyFromJson(const json::object& object);
[[nodiscard]] Result<UsageEvent> usageEventFromJson(const json::object& object);
[[nodiscard]] Result<UsageReply> usageReplyFromJson(const json::object& object);
[[nodiscard]] Result<UsageRead> usageReadFromJson(const json::object& object);

} // namespace clawloops::gateway_verbs
