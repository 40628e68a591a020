// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "wire/gateway_verbs.h"

#include "base/json_line.h"
#include "wire/json_lists.h"

namespace clawloops::gateway_verbs {
using namespace detail;

json::object toJson(const ConfigureReply& reply) {
    return {{"opened", toArray(reply.opened)}, {"missing", toArray(reply.missing)}, {"refused", toArray(reply.refused)}};
}

namespace {

// Every member of an event, in its order, to whoever writes them down.
template <class Put> void eachMember(const UsageEvent& event, Put put) {
    put("seq", event.seq);
    put("requestId", event.requestId);
    put("cellId", event.cellId);
    put("userId", event.userId);
    put("route", event.route);
    put("target", event.target);
    put("model", event.model);
    put("promptTokens", event.promptTokens);
    put("completionTokens", event.completionTokens);
    put("estimated", event.estimated);
    put("startedAt", event.startedAt);
    put("firstByteMs", event.firstByteMs);
    put("durationMs", event.durationMs);
    put("status", event.status);
    put("outcome", event.outcome);
    put("upstreamId", event.upstreamId);
    put("bytesOut", event.bytesOut);
    put("keyId", event.keyId);
    put("endpoint", event.endpoint);
    put("traceId", event.traceId);
    put("cachedTokens", event.cachedTokens);
    put("reasoningTokens", event.reasoningTokens);
    put("costNanos", event.costNanos);
    put("priced", event.priced);
    put("reservedTokens", event.reservedTokens);
    put("reservedNanos", event.reservedNanos);
    put("queuedMs", event.queuedMs);
}

} // namespace

json::object toJson(const UsageEvent& event) {
    json::object object;
    eachMember(event, [&](std::string_view name, const auto& value) { object[name] = value; });
    return object;
}

void append(std::string& out, const UsageEvent& event) {
    JsonLine line(out);
    eachMember(event, [&](std::string_view name, const auto& value) { line.member(name, value); });
    line.end();
}

json::object usageReply(const std::vector<UsageEvent>& events, const std::string& spool) {
    json::array list;
    for (const UsageEvent& event : events)
        list.push_back(toJson(event));
    json::object reply{{"events", std::move(list)}};
    if (!spool.empty())
        reply["spool"] = spool;
    return reply;
}

Result<ConfigureReply> configureReplyFromJson(const json::object& object) {
    ObjectReader reader(object, "reply");
    ConfigureReply reply;
    reply.opened = readTexts(reader, "opened");
    reply.missing = readTexts(reader, "missing");
    reply.refused = readTexts(reader, "refused");
    if (const Status status = reader.finish(); !status)
        return status.error();
    return reply;
}

Result<UsageEvent> usageEventFromJson(const json::object& object) {
    ObjectReader reader(object, "usage event");
    UsageEvent event;
    event.seq = reader.integer("seq");
    event.requestId = reader.text("requestId");
    event.cellId = reader.text("cellId");
    event.userId = reader.text("userId");
    event.route = reader.text("route");
    event.target = reader.text("target");
    event.model = reader.text("model");
    event.promptTokens = reader.integer("promptTokens");
    event.completionTokens = reader.integer("completionTokens");
    event.estimated = reader.flag("estimated");
    event.startedAt = reader.text("startedAt");
    event.firstByteMs = reader.integer("firstByteMs");
    event.durationMs = reader.integer("durationMs");
    event.status = reader.integer("status");
    event.outcome = reader.text("outcome");
    event.upstreamId = reader.text("upstreamId");
    event.bytesOut = reader.integer("bytesOut");
    event.keyId = reader.textOr("keyId", "");
    event.endpoint = reader.textOr("endpoint", "");
    event.traceId = reader.textOr("traceId", "");
    event.cachedTokens = reader.integerOr("cachedTokens", 0);
    event.reasoningTokens = reader.integerOr("reasoningTokens", 0);
    event.costNanos = reader.integerOr("costNanos", 0);
    event.priced = reader.flagOr("priced", false);
    event.reservedTokens = reader.integerOr("reservedTokens", 0);
    event.reservedNanos = reader.integerOr("reservedNanos", 0);
    event.queuedMs = reader.integerOr("queuedMs", 0);
    if (const Status status = reader.finish(); !status)
        return status.error();
    return event;
}

Result<UsageReply> usageReplyFromJson(const json::object& object) {
    ObjectReader reader(object, "reply");
    UsageReply reply;
    reply.spool = reader.textOr("spool", "");
    auto events = readObjects<UsageEvent>(reader, "events", usageEventFromJson);
    if (!events)
        return events.error();
    if (const Status status = reader.finish(); !status)
        return status.error();
    reply.events = std::move(*events);
    return reply;
}

Result<UsageRead> usageReadFromJson(const json::object& object) {
    ObjectReader reader(object, "request");
    UsageRead read;
    read.after = reader.integer("after");
    read.limit = reader.integerOr("limit", 500);
    if (read.after < 0 || read.limit < 1 || read.limit > 1000)
        reader.fail("\"after\" must be 0 or more, and \"limit\" from 1 to 1000.");
    if (const Status status = reader.finish(); !status)
        return status.error();
    return read;
}

} // namespace clawloops::gateway_verbs
