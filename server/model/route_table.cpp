// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/route_table.h"

#include <algorithm>

namespace clawloops::model {
namespace {

Error wrong(std::string message) {
    return {ErrorCode::InvalidRequest, std::move(message), {}};
}

bool isName(std::string_view text) { // goes into JSON, logs and lists: no control bytes, no surprises
    return !text.empty() && text.size() <= 200 && std::none_of(text.begin(), text.end(), [](char c) {
        return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
    });
}

Result<Target> buildTarget(const gateway_verbs::Target& given, const std::string& route, const RouteTable::Managed& sockets) {
    Target target;
    if (!isName(given.name) || !isName(given.model))
        return wrong("A target of the route \"" + route + "\" lacks its name or its model.");
    if (given.kind != "openai" && given.kind != "litellm")
        return wrong("The target \"" + given.name + "\" has the unknown kind \"" + given.kind + "\"; use openai or litellm.");
    if (given.weight < 0 || given.weight > 1'000'000)
        return wrong("The weight of the target \"" + given.name + "\" must be from 0 to 1000000.");
    target.name = given.name;
    target.kind = given.kind == "litellm" ? Target::Kind::LiteLlm : Target::Kind::OpenAi;
    target.model = given.model;
    target.weight = static_cast<std::uint32_t>(given.weight);
    const bool managed = given.url.empty() && target.kind == Target::Kind::LiteLlm;
    auto url = parseTargetUrl(managed ? "unix:" + sockets.liteLlm : given.url);
    if (!url)
        return url.error();
    target.url = std::move(*url);
    if (target.kind == Target::Kind::OpenAi && target.url.isLocal() && target.url.socketPath == sockets.starter)
        target.kind = Target::Kind::Starter;
    return target;
}

} // namespace

bool isCellId(std::string_view text) {
    return text.size() == 13 && text[0] == 'c' && std::all_of(text.begin() + 1, text.end(), [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
    });
}

Result<std::shared_ptr<const RouteTable>> RouteTable::build(const gateway_verbs::Configuration& configuration,
                                                            const Managed& sockets) {
    auto table = std::make_shared<RouteTable>();
    table->m_revision = configuration.revision;
    for (const gateway_verbs::Route& given : configuration.routes) {
        if (!isName(given.name))
            return wrong("A route lacks its name.");
        if (given.balance != "order" && given.balance != "weight")
            return wrong("The route \"" + given.name + "\" must be balanced by \"order\" or \"weight\".");
        Route route{given.name, given.title, given.enabled, given.balance == "weight", {}};
        for (const gateway_verbs::Target& targetGiven : given.targets) {
            auto target = buildTarget(targetGiven, given.name, sockets);
            if (target)
                route.targets.push_back(std::move(*target));
            else
                table->m_refused.push_back("Route \"" + given.name + "\": " + target.error().message);
        }
        if (!table->m_routes.emplace(given.name, std::move(route)).second)
            return wrong("The route \"" + given.name + "\" is given twice.");
    }
    for (const gateway_verbs::Cell& given : configuration.cells) {
        if (!isCellId(given.cellId))
            return wrong("\"" + given.cellId + "\" is no cell id.");
        const auto hash = fromHex(given.tokenHash);
        if (!hash || hash->size() != 32)
            return wrong("The token hash of the cell " + given.cellId + " must be 64 hexadecimal digits.");
        CellAccess cell{given.cellId, given.user, {}, {given.routes.begin(), given.routes.end()}};
        std::copy(hash->begin(), hash->end(), reinterpret_cast<char*>(cell.tokenHash.data()));
        if (!table->m_cells.emplace(given.cellId, std::move(cell)).second)
            return wrong("The cell " + given.cellId + " is given twice.");
    }
    return std::shared_ptr<const RouteTable>(std::move(table));
}

const CellAccess* RouteTable::cell(std::string_view cellId) const {
    const auto found = m_cells.find(cellId);
    return found == m_cells.end() ? nullptr : &found->second;
}

const Route* RouteTable::routeFor(const CellAccess& cell, std::string_view name) const {
    if (!cell.routes.contains(name))
        return nullptr;
    const auto found = m_routes.find(name);
    return found != m_routes.end() && found->second.enabled && !found->second.targets.empty() ? &found->second : nullptr;
}

std::vector<const Route*> RouteTable::routesOf(const CellAccess& cell) const {
    std::vector<const Route*> routes;
    for (const std::string& name : cell.routes) {
        if (const Route* route = routeFor(cell, name))
            routes.push_back(route);
    }
    return routes;
}

} // namespace clawloops::model
