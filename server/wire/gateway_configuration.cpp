// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "wire/gateway_configuration.h"

#include "wire/json_lists.h"

namespace clawloops::gateway_verbs {

using namespace detail;

namespace {

template <class T, class Write> json::array toObjects(const std::vector<T>& items, Write write) {
    json::array array;
    for (const T& item : items)
        array.push_back(write(item));
    return array;
}

// An array that may be absent.
template <class T, class Read> Status readList(ObjectReader& reader, std::string_view name, std::vector<T>& into, Read read) {
    if (!reader.has(name))
        return {};
    auto items = readObjects<T>(reader, name, read);
    if (!items)
        return items.error();
    into = std::move(*items);
    return {};
}

std::vector<std::string> readTextsOr(ObjectReader& reader, std::string_view name) {
    return reader.has(name) ? readTexts(reader, name) : std::vector<std::string>();
}

json::object readObjectOr(ObjectReader& reader, std::string_view name) {
    return reader.has(name) ? reader.object(name) : json::object();
}

template <class T> Result<T> whole(ObjectReader& reader, T value) {
    if (const Status status = reader.finish(); !status)
        return status.error();
    return value;
}

json::value orNull(const std::optional<std::int64_t>& number) {
    return number ? json::value(*number) : json::value(nullptr);
}

json::object writeTarget(const Target& target) {
    return {{"name", target.name},
            {"kind", target.kind},
            {"url", target.url},
            {"model", target.model},
            {"weight", target.weight},
            {"provider", target.provider},
            {"slots", target.slots},
            {"local", target.local},
            {"credential", target.credential.reveal()},
            {"price", target.price ? json::value(toJson(*target.price)) : json::value(nullptr)}};
}

Result<Target> readTarget(const json::object& object) {
    ObjectReader reader(object, "target");
    Target target;
    target.name = reader.text("name");
    target.kind = reader.text("kind");
    target.url = reader.textOr("url", "");
    target.model = reader.text("model");
    target.weight = reader.integerOr("weight", 1);
    target.provider = reader.textOr("provider", "");
    target.slots = reader.integerOr("slots", 0);
    target.local = reader.flagOr("local", false);
    target.credential = Secret(reader.textOr("credential", ""));
    const json::value* price = object.if_contains("price");
    if (price && price->is_null()) {
        reader.allow("price");
    } else if (price) {
        auto read = priceFromJson(reader.object("price"));
        if (!read)
            return read.error();
        target.price = *read;
    }
    return whole(reader, std::move(target));
}

json::object writeRoute(const Route& route) {
    return {{"name", route.name},
            {"title", route.title},
            {"enabled", route.enabled},
            {"balance", route.balance},
            {"targets", toObjects(route.targets, writeTarget)},
            {"everyone", route.everyone},
            {"roles", toArray(route.roles)},
            {"people", toArray(route.people)},
            {"force", route.force},
            {"defaults", route.defaults},
            {"contextTokens", route.contextTokens},
            {"outputTokens", route.outputTokens}};
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
    route.targets = std::move(*targets);
    route.everyone = reader.flagOr("everyone", false);
    route.roles = readTextsOr(reader, "roles");
    route.people = readTextsOr(reader, "people");
    route.force = readObjectOr(reader, "force");
    route.defaults = readObjectOr(reader, "defaults");
    route.contextTokens = reader.integerOr("contextTokens", 0);
    route.outputTokens = reader.integerOr("outputTokens", 0);
    return whole(reader, std::move(route));
}

json::object writePerson(const Person& person) {
    return {{"user", person.user},     {"name", person.name},     {"role", person.role}, {"groups", toArray(person.groups)},
            {"frozen", person.frozen}, {"usualNanosPerHour", person.usualNanosPerHour}};
}

Result<Person> readPerson(const json::object& object) {
    ObjectReader reader(object, "person");
    Person person;
    person.user = reader.text("user");
    person.name = reader.textOr("name", "");
    person.role = reader.textOr("role", "user");
    person.groups = readTextsOr(reader, "groups");
    person.frozen = reader.textOr("frozen", "");
    person.usualNanosPerHour = reader.integerOr("usualNanosPerHour", 0);
    return whole(reader, std::move(person));
}

json::object writeCell(const Cell& cell) {
    return {{"cellId", cell.cellId}, {"user", cell.user}, {"tokenHash", cell.tokenHash}, {"routes", toArray(cell.routes)}};
}

Result<Cell> readCell(const json::object& object) {
    ObjectReader reader(object, "cell");
    Cell cell;
    cell.cellId = reader.text("cellId");
    cell.user = reader.text("user");
    cell.tokenHash = reader.text("tokenHash");
    cell.routes = readTextsOr(reader, "routes");
    return whole(reader, std::move(cell));
}

json::object writeKey(const Key& key) {
    return {{"keyId", key.keyId},         {"user", key.user},   {"tokenHash", key.tokenHash},
            {"expiresAt", key.expiresAt}, {"batch", key.batch}, {"routes", toArray(key.routes)}};
}

Result<Key> readKey(const json::object& object) {
    ObjectReader reader(object, "key");
    Key key;
    key.keyId = reader.text("keyId");
    key.user = reader.text("user");
    key.tokenHash = reader.text("tokenHash");
    key.expiresAt = reader.textOr("expiresAt", "");
    key.routes = readTextsOr(reader, "routes");
    key.batch = reader.flagOr("batch", false);
    return whole(reader, std::move(key));
}

json::object writeBudget(const Budget& budget) {
    json::object by;
    for (const auto& [subject, spent] : budget.spentBy)
        by[subject] = spent;
    return {{"id", budget.id},           {"name", budget.name},         {"scope", budget.scope},     {"subject", budget.subject},
            {"unit", budget.unit},       {"window", budget.window},     {"limit", budget.limit},     {"raisedOn", budget.raisedOn},
            {"raisedBy", budget.raisedBy}, {"spent", budget.spent},     {"spentBy", std::move(by)}};
}

Result<Budget> readBudget(const json::object& object) {
    ObjectReader reader(object, "budget");
    Budget budget;
    budget.id = reader.text("id");
    budget.name = reader.textOr("name", "");
    budget.scope = reader.text("scope");
    budget.subject = reader.textOr("subject", "");
    budget.unit = reader.text("unit");
    budget.window = reader.text("window");
    budget.limit = reader.integer("limit");
    budget.raisedOn = reader.textOr("raisedOn", "");
    budget.raisedBy = reader.integerOr("raisedBy", 0);
    budget.spent = reader.integerOr("spent", 0);
    for (const auto& [subject, spent] : readObjectOr(reader, "spentBy")) {
        if (!spent.is_int64())
            reader.fail("\"spentBy\" must hold whole numbers only.");
        else
            budget.spentBy.emplace(subject, spent.get_int64());
    }
    return whole(reader, std::move(budget));
}

} // namespace

json::object toJson(const Price& price) {
    return {{"in", orNull(price.in)}, {"cachedIn", orNull(price.cachedIn)}, {"out", orNull(price.out)}};
}

Result<Price> priceFromJson(const json::object& object) {
    ObjectReader reader(object, "price");
    Price price;
    const auto read = [&](std::string_view name, std::optional<std::int64_t>& into) {
        const json::value* value = object.if_contains(name);
        reader.allow(name);
        if (!value || value->is_null())
            return;
        into = reader.integer(name);
        if (*into < 0)
            reader.fail("\"" + std::string(name) + "\" must be 0 or more.");
    };
    read("in", price.in);
    read("cachedIn", price.cachedIn);
    read("out", price.out);
    return whole(reader, price);
}

json::object toJson(const Limit& limit) {
    return {{"scope", limit.scope},
            {"subject", limit.subject},
            {"requestsPerMinute", limit.requestsPerMinute},
            {"tokensPerMinute", limit.tokensPerMinute},
            {"streams", limit.streams}};
}

Result<Limit> limitFromJson(const json::object& object) {
    ObjectReader reader(object, "limit");
    Limit limit;
    limit.scope = reader.text("scope");
    limit.subject = reader.textOr("subject", "");
    limit.requestsPerMinute = reader.integerOr("requestsPerMinute", 0);
    limit.tokensPerMinute = reader.integerOr("tokensPerMinute", 0);
    limit.streams = reader.integerOr("streams", 0);
    return whole(reader, std::move(limit));
}

json::object toJson(const Brake& brake) {
    return {{"identicalRequests", brake.identicalRequests},   {"identicalWithinSeconds", brake.identicalWithinSeconds},
            {"identicalToolCalls", brake.identicalToolCalls}, {"requestsPerTenMinutes", brake.requestsPerTenMinutes},
            {"spendTimesUsual", brake.spendTimesUsual},       {"spendFloorNanos", brake.spendFloorNanos}};
}

Result<Brake> brakeFromJson(const json::object& object) {
    ObjectReader reader(object, "brake");
    Brake brake;
    brake.identicalRequests = reader.integerOr("identicalRequests", brake.identicalRequests);
    brake.identicalWithinSeconds = reader.integerOr("identicalWithinSeconds", brake.identicalWithinSeconds);
    brake.identicalToolCalls = reader.integerOr("identicalToolCalls", brake.identicalToolCalls);
    brake.requestsPerTenMinutes = reader.integerOr("requestsPerTenMinutes", brake.requestsPerTenMinutes);
    brake.spendTimesUsual = reader.integerOr("spendTimesUsual", brake.spendTimesUsual);
    brake.spendFloorNanos = reader.integerOr("spendFloorNanos", brake.spendFloorNanos);
    return whole(reader, brake);
}

json::object toJson(const Configuration& configuration) {
    return {{"revision", configuration.revision},
            {"baseline", json::object{{"spool", configuration.baseline.spool}, {"seq", configuration.baseline.seq}}},
            {"frozenAll", configuration.frozenAll},
            {"people", toObjects(configuration.people, writePerson)},
            {"routes", toObjects(configuration.routes, writeRoute)},
            {"cells", toObjects(configuration.cells, writeCell)},
            {"keys", toObjects(configuration.keys, writeKey)},
            {"budgets", toObjects(configuration.budgets, writeBudget)},
            {"limits", toObjects(configuration.limits, [](const Limit& limit) { return toJson(limit); })},
            {"brake", toJson(configuration.brake)}};
}

Result<Configuration> configurationFromJson(const json::object& object) {
    ObjectReader reader(object, "configuration");
    Configuration configuration;
    configuration.revision = reader.integer("revision");
    if (reader.has("baseline")) {
        ObjectReader baseline(reader.object("baseline"), "baseline");
        configuration.baseline = {baseline.text("spool"), baseline.integer("seq")};
        if (const Status status = baseline.finish(); !status)
            return status.error();
    }
    configuration.frozenAll = reader.textOr("frozenAll", "");
    auto routes = readObjects<Route>(reader, "routes", readRoute);
    if (!routes)
        return routes.error();
    configuration.routes = std::move(*routes);
    auto cells = readObjects<Cell>(reader, "cells", readCell);
    if (!cells)
        return cells.error();
    configuration.cells = std::move(*cells);
    for (const Status& status : {readList(reader, "people", configuration.people, readPerson), readList(reader, "keys", configuration.keys, readKey),
                                 readList(reader, "budgets", configuration.budgets, readBudget),
                                 readList(reader, "limits", configuration.limits, limitFromJson)}) {
        if (!status)
            return status.error();
    }
    if (reader.has("brake")) {
        auto brake = brakeFromJson(reader.object("brake"));
        if (!brake)
            return brake.error();
        configuration.brake = *brake;
    }
    return whole(reader, std::move(configuration));
}

} // namespace clawloops::gateway_verbs
