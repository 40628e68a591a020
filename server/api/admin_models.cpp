// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "api/parts.h"
#include "api/router.h"
#include "api/sign_in.h"
#include "wire/json_lists.h"

#include <algorithm>

// admin/models, admin/routes: what stands behind a public model name.
namespace clawloops::api {

namespace {

constexpr std::int64_t unset = -1;

std::string textUpTo(ObjectReader& reader, std::string_view name, std::size_t longest) { // may be empty
    std::string text = reader.textOr(name, "");
    if (text.size() > longest)
        reader.fail("\"" + std::string(name) + "\" is too long.");
    return text;
}

std::optional<wire::Price> readPrice(ObjectReader& reader) {
    reader.allow("price");
    if (!reader.has("price"))
        return std::nullopt;
    ObjectReader price(reader.object("price"), "price");
    wire::Price read;
    read.in = price.integer("in");
    read.out = price.integer("out");
    read.cachedIn = price.integerOr("cachedIn", unset);
    if (read.cachedIn == unset) // nothing is said of it: like any other token of the prompt
        read.cachedIn = read.in;
    if (const Status fine = price.finish(); !fine)
        reader.fail(fine.error().message);
    return read;
}

// The whole list is replaced: a target has no id of its own. What it may point at is ModelRoutes' to check.
std::vector<wire::RouteTarget> readTargets(ObjectReader& reader) {
    constexpr std::size_t most = 16;
    std::vector<wire::RouteTarget> targets;
    for (const json::value& item : reader.array("targets")) {
        if (!item.is_object() || targets.size() == most) {
            reader.fail("\"targets\" must be a list of at most 16 objects.");
            break;
        }
        json::object object = item.get_object();
        if (const json::value* price = object.if_contains("price"); price && price->is_null())
            object.erase("price"); // as we say it ourselves where none is set
        ObjectReader target(object, "target");
        wire::RouteTarget one{boundedText(target, "name", 100), boundedText(target, "kind", 20), boundedText(target, "model", 200),
                              target.integerOr("weight", 1), textUpTo(target, "url", 1000)};
        one.provider = textUpTo(target, "provider", 40);
        one.slots = target.integerOr("slots", 0);
        one.credentialId = textUpTo(target, "credentialId", 60);
        one.price = readPrice(target);
        if (const Status read = target.finish(); !read)
            reader.fail(read.error().message);
        targets.push_back(std::move(one));
    }
    return targets;
}

template <class Read, class T> void replaceIf(ObjectReader& reader, std::string_view name, T& value, Read read) {
    if (reader.has(name))
        value = read();
    else
        reader.allow(name);
}

// What the body does not name stays as `route` has it.
void readRoute(ObjectReader& reader, wire::Route& route) {
    using clawloops::detail::readTexts;
    replaceIf(reader, "title", route.title, [&] { return boundedText(reader, "title", 400); });
    replaceIf(reader, "targets", route.targets, [&] { return readTargets(reader); });
    route.enabled = reader.flagOr("enabled", route.enabled);
    route.balance = reader.textOr("balance", route.balance);
    route.position = reader.integerOr("position", route.position);
    route.everyone = reader.flagOr("everyone", route.everyone);
    replaceIf(reader, "roles", route.roles, [&] { return readTexts(reader, "roles"); });
    replaceIf(reader, "people", route.people, [&] { return readTexts(reader, "people"); });
    replaceIf(reader, "force", route.force, [&] { return reader.object("force"); });
    replaceIf(reader, "defaults", route.defaults, [&] { return reader.object("defaults"); });
    route.contextTokens = reader.integerOr("contextTokens", route.contextTokens);
    route.outputTokens = reader.integerOr("outputTokens", route.outputTokens);
}

json::object write(const wire::Route& route) { return wire::toJson(route); }

} // namespace

void addAdminModels(Router& router, Parts& parts) {
    const auto list = [&parts](CallPtr call) { call->answer(200, wire::listToJson(parts.routes.routes())); };
    // → {items: [Route]}
    router.add({"GET", "/admin/models", Access::Admin, Body::None, list});
    router.add({"GET", "/admin/routes", Access::Admin, Body::None, list});

    // {modelId, title, targets, enabled = true, everyone = false …} → 201 Route
    router.add({"POST", "/admin/models", Access::Admin, Body::Required, [&parts](CallPtr call) {
                    ObjectReader reader(call->body);
                    wire::Route route;
                    route.enabled = true;
                    route.modelId = boundedText(reader, "modelId", 63);
                    for (const char* name : {"title", "targets"})
                        if (!reader.has(name))
                            reader.fail("A new model needs \"" + std::string(name) + "\".");
                    readRoute(reader, route);
                    if (const Status read = reader.finish(); !read)
                        return call->fail(read.error());
                    parts.routes.create(route, call->actor(), parts.guard, answering<wire::Route>(call, 201, write));
                }});

    // {title?, enabled?, targets?: [{name, kind, model, weight?, url?, provider?, slots?, credentialId?, price?}], …} → Route
    router.add({"PUT", "/admin/models/{modelId}", Access::Admin, Body::Required, [&parts](CallPtr call) {
                    ObjectReader reader(call->body);
                    const auto& routes = parts.routes.routes();
                    const auto found = std::find_if(routes.begin(), routes.end(), [&](const wire::Route& route) {
                        return route.modelId == call->parameter();
                    });
                    wire::Route route = found == routes.end() ? wire::Route() : *found;
                    readRoute(reader, route);
                    if (const Status read = reader.finish(); !read)
                        return call->fail(read.error());
                    if (found == routes.end())
                        return call->fail({ErrorCode::ModelNotFound, "There is no model of that name.", {}});
                    parts.routes.change(route, call->actor(), parts.guard, answering<wire::Route>(call, 200, write));
                }});

    // → Route, as it was
    router.add({"DELETE", "/admin/models/{modelId}", Access::Admin, Body::None, [&parts](CallPtr call) {
                    parts.routes.remove(call->parameter(), call->actor(), parts.guard, answering<wire::Route>(call, 200, write));
                }});
}

} // namespace clawloops::api
