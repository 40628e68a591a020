// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "wire/gateway_verbs.h"

namespace clawloops::gateway_verbs {
namespace {

json::array toArray(const std::vector<std::string>& texts) {
    json::array array;
    for (const std::string& text : texts)
        array.emplace_back(text);
    return array;
}

std::vector<std::string> readTexts(ObjectReader& reader, std::string_view name) {
    std::vector<std::string> texts;
    for (const json::value& value : reader.array(name)) {
        if (value.is_string())
            texts.emplace_back(value.get_string());
        else
            reader.fail("\"" + std::string(name) + "\" must hold texts only.");
    }
    return texts;
}

// Reads each element of an array of objects with `read`; the first error ends it.
template <class T, class Read> Result<std::vector<T>> readObjects(ObjectReader& reader, std::string_view name, Read read) {
    std::vector<T> items;
    for (const json::value& value : reader.array(name)) {
        if (!value.is_object())
            return Error{ErrorCode::InvalidRequest, "\"" + std::string(name) + "\" must hold objects only.", {}};
        auto item = read(value.get_object());
        if (!item)
            return item.error();
        items.push_back(std::move(*item));
    }
    return items;
}

Result<Target> readTarget(const json::object& object) {
    ObjectReader reader(object, "target");
    Target target;
    target.name = reader.text("name");
    target.kind = reader.text("kind");
    target.url = reader.textOr("url", "");
    target.model = reader.text("model");
    target.weight = reader.integerOr("weight", 1);
    if (const Status status = reader.finish(); !status)
        return status.error();
    return target;
}

Result<Route> readRoute(const json::object& object) {
    ObjectReader reader(object, "route");
    Route route;
    route.name = reader.text("name");
    route.title = reader.textOr("title", route.name);
    route.enabled = reader.flagOr("enabled", true);
    route.balance = reader.textOr("balance", "order");
    auto targets = readObjects<Target>(reader, "targets", readTarget);
    if (!targets)
        return targets.error();
    if (const Status status = reader.finish(); !status)
        return status.error();
    route.targets = std::move(*targets);
    return route;
}

Result<Cell> readCell(const json::object& object) {
    ObjectReader reader(object, "cell");
    Cell cell;
    cell.cellId = reader.text("cellId");
    cell.user = reader.text("user");
    cell.tokenHash = reader.text("tokenHash");
    cell.routes = readTexts(reader, "routes");
    if (const Status status = reader.finish(); !status)
        return status.error();
    return cell;
}

} // namespace

json::object toJson(const Configuration& configuration) {
    json::array routes;
    for (const Route& route : configuration.routes) {
        json::array targets;
        for (const Target& target : route.targets)
            targets.push_back(json::object{{"name", target.name},
                                           {"kind", target.kind},
                                           {"url", target.url},
                                           {"model", target.model},
                                           {"weight", target.weight}});
        routes.push_back(json::object{{"name", route.name},
                                      {"title", route.title},
                                      {"enabled", route.enabled},
                                      {"balance", route.balance},
                                      {"targets", std::move(targets)}});
    }
    json::array cells;
    for (const Cell& cell : configuration.cells)
        cells.push_back(json::object{{"cellId", cell.cellId},
                                     {"user", cell.user},
                                     {"tokenHash", cell.tokenHash},
                                     {"routes", toArray(cell.routes)}});
    return {{"revision", configuration.revision}, {"routes", std::move(routes)}, {"cells", std::move(cells)}};
}

json::object toJson(const ConfigureReply& reply) {
    return {{"opened", toArray(reply.opened)}, {"missing", toArray(reply.missing)}, {"refused", toArray(reply.refused)}};
}

json::object toJson(const UsageEvent& event) {
    return {{"seq", event.seq},
            {"requestId", event.requestId},
            {"cellId", event.cellId},
            {"userId", event.userId},
            {"route", event.route},
            {"target", event.target},
            {"model", event.model},
            {"promptTokens", event.promptTokens},
            {"completionTokens", event.completionTokens},
            {"estimated", event.estimated},
            {"startedAt", event.startedAt},
            {"firstByteMs", event.firstByteMs},
            {"durationMs", event.durationMs},
            {"status", event.status},
            {"outcome", event.outcome},
            {"upstreamId", event.upstreamId},
            {"bytesOut", event.bytesOut}};
}

json::object usageReply(const std::vector<UsageEvent>& events) {
    json::array list;
    for (const UsageEvent& event : events)
        list.push_back(toJson(event));
    return {{"events", std::move(list)}};
}

Result<Configuration> configurationFromJson(const json::object& object) {
    ObjectReader reader(object, "configuration");
    Configuration configuration;
    configuration.revision = reader.integer("revision");
    auto routes = readObjects<Route>(reader, "routes", readRoute);
    if (!routes)
        return routes.error();
    auto cells = readObjects<Cell>(reader, "cells", readCell);
    if (!cells)
        return cells.error();
    if (const Status status = reader.finish(); !status)
        return status.error();
    configuration.routes = std::move(*routes);
    configuration.cells = std::move(*cells);
    return configuration;
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
    if (const Status status = reader.finish(); !status)
        return status.error();
    return event;
}

Result<std::vector<UsageEvent>> usageReplyFromJson(const json::object& object) {
    ObjectReader reader(object, "reply");
    auto events = readObjects<UsageEvent>(reader, "events", usageEventFromJson);
    if (!events)
        return events.error();
    if (const Status status = reader.finish(); !status)
        return status.error();
    return std::move(*events);
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
