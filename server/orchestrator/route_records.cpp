// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "orchestrator/route_records.h"

#include "wire/json_lists.h"

#include <algorithm>
#include <utility>

namespace clawloops::orchestrator {

namespace {

constexpr std::string_view columns =
    "SELECT r.name, r.title, r.enabled, r.targets::text, r.balance, r.position, r.everyone, r.roles::text, r.force::text, r.defaults::text,"
    " r.context_tokens, r.output_tokens,"
    " (SELECT coalesce(jsonb_agg(p.user_id ORDER BY p.user_id), '[]') FROM route_people p WHERE p.route = r.name)::text FROM routes r ";

Error refused(std::string message) { return {ErrorCode::InvalidRequest, std::move(message), {}}; }

// Targets that were stored by an earlier version lack what came later.
wire::RouteTarget targetOf(const json::object& stored) {
    wire::RouteTarget defaults;
    json::object whole = wire::toJson(defaults);
    for (const auto& [name, value] : stored)
        whole[name] = value;
    auto target = wire::fromJson<wire::RouteTarget>(whole);
    return target ? std::move(*target) : defaults;
}

json::array listOf(const std::string& text) {
    auto read = parseObject("{\"items\":" + text + "}");
    return read && read->contains("items") && (*read)["items"].is_array() ? (*read)["items"].get_array() : json::array();
}

std::vector<std::string> textsOf(const std::string& text) {
    std::vector<std::string> texts;
    for (const json::value& one : listOf(text))
        if (one.is_string())
            texts.emplace_back(one.get_string());
    return texts;
}

json::object objectOf(const std::string& text) {
    auto read = parseObject(text);
    return read ? std::move(*read) : json::object();
}

wire::Route routeOf(const store::Row& row) {
    wire::Route route;
    route.modelId = row.text(0);
    route.title = row.text(1);
    route.enabled = row.flag(2);
    for (const json::value& target : listOf(row.text(3)))
        if (target.is_object())
            route.targets.push_back(targetOf(target.get_object()));
    route.balance = row.text(4);
    route.position = row.integer(5);
    route.everyone = row.flag(6);
    route.roles = textsOf(row.text(7));
    route.force = objectOf(row.text(8));
    route.defaults = objectOf(row.text(9));
    route.contextTokens = row.integer(10);
    route.outputTokens = row.integer(11);
    route.people = textsOf(row.text(12));
    return route;
}

// All but the name and the title, which go first.
std::vector<store::Param> valuesOf(const wire::Route& route) {
    json::array targets;
    for (const wire::RouteTarget& target : route.targets)
        targets.emplace_back(wire::toJson(target));
    return {route.modelId,
            route.title,
            route.enabled,
            json::serialize(targets),
            route.balance,
            route.position,
            route.everyone,
            json::serialize(clawloops::detail::toArray(route.roles)),
            json::serialize(route.force),
            json::serialize(route.defaults),
            route.contextTokens,
            route.outputTokens};
}

Status setPeople(store::Transaction& tx, const wire::Route& route) {
    if (const Status emptied = tx.exec("DELETE FROM route_people WHERE route = $1", {route.modelId}); !emptied)
        return emptied;
    for (const std::string& person : route.people) {
        auto added = tx.query("INSERT INTO route_people (route, user_id) SELECT $1, id FROM users WHERE id = $2 RETURNING 1", {route.modelId, person});
        if (!added)
            return added.error();
        if (added->empty())
            return refused("There is no person with the id \"" + person.substr(0, 60) + "\".");
    }
    return {};
}

// A credential goes to the provider that it is of, and to no other.
Status checkCredentials(store::Transaction& tx, const wire::Route& route) {
    for (const wire::RouteTarget& target : route.targets) {
        if (target.credentialId.empty())
            continue;
        auto known = tx.query("SELECT provider FROM provider_credentials WHERE id = $1 FOR SHARE", {target.credentialId});
        if (!known)
            return known.error();
        if (known->empty())
            return refused("There is no credential with the id \"" + target.credentialId.substr(0, 60) + "\".");
        const std::string provider = target.kind == "openai" ? "openai" : target.provider;
        if (known->front().text(0) != provider)
            return refused("The target \"" + target.name + "\" would send a credential of the provider \"" + known->front().text(0) +
                           "\" to another one. Choose a credential of its own.");
    }
    return {};
}

} // namespace

Result<std::vector<wire::Route>> loadRoutes(store::Transaction& tx) {
    auto rows = tx.query(std::string(columns) + "ORDER BY r.position, r.name");
    if (!rows)
        return rows.error();
    std::vector<wire::Route> routes;
    for (const store::Row& row : *rows)
        routes.push_back(routeOf(row));
    return routes;
}

Result<wire::Route> loadRoute(store::Transaction& tx, const std::string& modelId) {
    auto rows = tx.query(std::string(columns) + "WHERE r.name = $1 FOR UPDATE OF r", {modelId});
    if (!rows)
        return rows.error();
    if (rows->empty())
        return Error{ErrorCode::ModelNotFound, "There is no model named \"" + modelId + "\".", {}};
    return routeOf(rows->front());
}

Status insertRoute(store::Transaction& tx, const wire::Route& route) {
    Status written = checkCredentials(tx, route);
    if (!written)
        return written;
    auto added = tx.query("INSERT INTO routes (name, title, enabled, targets, balance, position, everyone, roles, force, defaults, context_tokens, output_tokens)"
                          " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) ON CONFLICT (name) DO NOTHING RETURNING 1",
                          valuesOf(route));
    if (!added)
        return added.error();
    if (added->empty())
        return Error{ErrorCode::RuntimeActionConflict, "There is a model named \"" + route.modelId + "\" already. Choose another name.", {}};
    return setPeople(tx, route);
}

Status updateRoute(store::Transaction& tx, const wire::Route& route) {
    Status written = checkCredentials(tx, route);
    if (written)
        written = tx.exec("UPDATE routes SET title = $2, enabled = $3, targets = $4, balance = $5, position = $6, everyone = $7, roles = $8, force = $9,"
                          " defaults = $10, context_tokens = $11, output_tokens = $12 WHERE name = $1",
                          valuesOf(route));
    return written ? setPeople(tx, route) : written;
}

Status deleteRoute(store::Transaction& tx, const std::string& modelId) {
    auto kept = tx.query("SELECT 'The budget \"' || name || '\" is' FROM budgets WHERE scope = 'route' AND subject = $1"
                         " UNION ALL SELECT 'A limit is' FROM limits WHERE scope = 'route' AND subject = $1 LIMIT 1",
                         {modelId});
    if (!kept)
        return kept.error();
    if (!kept->empty())
        return Error{ErrorCode::RuntimeActionConflict, kept->front().text(0) + " of this model. Remove it first.", {}};
    return tx.exec("DELETE FROM routes WHERE name = $1", {modelId});
}

} // namespace clawloops::orchestrator
