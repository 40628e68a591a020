// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "api/parts.h"
#include "api/router.h"
#include "api/sign_in.h"

#include <algorithm>

// admin/models, admin/routes: what stands behind a public model name.
namespace clawloops::api {

namespace {
// The whole list is replaced: a target has no id of its own. What it may point at is ModelRoutes' to check.
std::vector<wire::RouteTarget> readTargets(ObjectReader& reader) {
    constexpr std::size_t most = 16;
    std::vector<wire::RouteTarget> targets;
    for (const json::value& item : reader.array("targets")) {
        if (!item.is_object() || targets.size() == most) {
            reader.fail("\"targets\" must be a list of at most 16 objects.");
            break;
        }
        ObjectReader target(item.get_object(), "target");
        targets.push_back({boundedText(target, "name", 100), boundedText(target, "kind", 20), boundedText(target, "model", 200),
                           target.integerOr("weight", 1), boundedText(target, "url", 1000)});
        if (const Status read = target.finish(); !read)
            reader.fail(read.error().message);
    }
    return targets;
}
}

void addAdminModels(Router& router, Parts& parts) {
    const auto list = [&parts](CallPtr call) { call->answer(200, wire::listToJson(parts.routes.routes())); };
    // → {items: [Route]}
    router.add({"GET", "/admin/models", Access::Admin, Body::None, list});
    router.add({"GET", "/admin/routes", Access::Admin, Body::None, list});

    // {title?, enabled?, targets?: [{name, kind, model, weight?, url}]} → Route
    router.add({"PUT", "/admin/models/{modelId}", Access::Admin, Body::Required, [&parts](CallPtr call) {
                    ObjectReader reader(call->body);
                    const auto& routes = parts.routes.routes();
                    const auto found = std::find_if(routes.begin(), routes.end(), [&](const wire::Route& route) {
                        return route.modelId == call->parameter();
                    });
                    wire::Route route = found == routes.end() ? wire::Route() : *found;
                    if (reader.has("title"))
                        route.title = boundedText(reader, "title", 400);
                    else
                        reader.allow("title");
                    route.enabled = reader.flagOr("enabled", route.enabled);
                    if (reader.has("targets"))
                        route.targets = readTargets(reader);
                    else
                        reader.allow("targets");
                    if (const Status read = reader.finish(); !read)
                        return call->fail(read.error());
                    if (found == routes.end())
                        return call->fail({ErrorCode::ModelNotFound, "There is no model of that name.", {}});
                    parts.routes.change(route, call->actor(), parts.guard, answering<wire::Route>(call, 200, [](const wire::Route& changed) {
                                            return wire::toJson(changed);
                                        }));
                }});
}

} // namespace clawloops::api
