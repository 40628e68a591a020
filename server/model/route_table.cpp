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

bool isLoopback(std::string_view host) {
    return host == "localhost" || host == "::1" || (host.starts_with("127.") && host.find_first_not_of("0123456789.") == std::string_view::npos);
}

std::string identityOf(const Target& target) {
    const TargetUrl& url = target.url;
    std::string text = url.isLocal() ? "unix:" + url.socketPath : (url.tls ? "https://" : "http://") + url.host + ":" + std::to_string(url.port) + url.base;
    text += "\n" + target.model + "\n";
    // Another key is another account at the provider, with another limit and another state; its hash says so without saying it.
    return target.credential.empty() ? text : text + toHex(sha256(target.credential.reveal()));
}

Result<Target> buildTarget(const gateway_verbs::Target& given, const std::string& route, const RouteTable::Managed& sockets) {
    Target target;
    const bool liteLlm = given.kind == "litellm";
    if (!given.provider.empty() && (!liteLlm || !isName(given.provider) || given.provider.find('/') != std::string::npos))
        return wrong("The target \"" + given.name + "\" names a provider, which only LiteLLM knows.");
    if (!isName(given.name) || !isName(given.model))
        return wrong("A target of the route \"" + route + "\" lacks its name or its model.");
    if (given.kind != "openai" && given.kind != "litellm")
        return wrong("The target \"" + given.name + "\" has the unknown kind \"" + given.kind + "\"; use openai or litellm.");
    if (given.weight < 0 || given.weight > 1'000'000)
        return wrong("The weight of the target \"" + given.name + "\" must be from 0 to 1000000.");
    target.name = given.name;
    target.kind = liteLlm ? Target::Kind::LiteLlm : Target::Kind::OpenAi;
    target.model = given.provider.empty() ? given.model : given.provider + "/" + given.model;
    target.weight = static_cast<std::uint32_t>(given.weight);
    if (given.slots < 0 || given.slots > 1'000'000)
        return wrong("The slots of the target \"" + given.name + "\" must be from 0 to 1000000.");
    target.slots = static_cast<std::uint32_t>(given.slots);
    target.credential = given.credential;
    target.price = given.price.value_or(given.local ? Price{0, 0, 0} : Price());
    const bool managed = given.url.empty() && target.kind == Target::Kind::LiteLlm;
    auto url = parseTargetUrl(managed ? "unix:" + sockets.liteLlm : given.url);
    if (!url)
        return url.error();
    target.url = std::move(*url);
    if (target.kind == Target::Kind::OpenAi && target.url.isLocal() && target.url.socketPath == sockets.starter)
        target.kind = Target::Kind::Starter;
    // What listens on a socket or on loopback is this machine's own. LiteLLM's socket stands for providers elsewhere, but without one
    // it only knows this appliance's own starter model.
    const bool own = target.kind == Target::Kind::LiteLlm ? given.provider.empty() : target.url.isLocal() || isLoopback(target.url.host);
    if (!given.price && own)
        target.price = Price{0, 0, 0};
    target.identity = identityOf(target);
    return target;
}

Result<std::vector<std::pair<std::string, std::string>>> membersOf(const json::object& object, const std::string& route) {
    std::vector<std::pair<std::string, std::string>> members;
    for (const auto& [name, value] : object) {
        if (name == "model" || name == "stream" || name == "stream_options")
            return wrong("The route \"" + route + "\" may not set \"" + std::string(name) + "\" of a request.");
        members.emplace_back(std::string(name), json::serialize(value));
    }
    return members;
}

Result<Route> buildRoute(const gateway_verbs::Route& given) {
    if (!isName(given.name))
        return wrong("A route lacks its name.");
    if (given.balance != "order" && given.balance != "weight")
        return wrong("The route \"" + given.name + "\" must be balanced by \"order\" or \"weight\".");
    if (given.contextTokens < 0 || given.outputTokens < 0)
        return wrong("The limits of the route \"" + given.name + "\" must be 0 or more.");
    Route route;
    route.name = given.name;
    route.title = given.title;
    route.enabled = given.enabled;
    route.byWeight = given.balance == "weight";
    route.everyone = given.everyone;
    route.roles = {given.roles.begin(), given.roles.end()};
    route.people = {given.people.begin(), given.people.end()};
    route.contextTokens = given.contextTokens;
    route.outputTokens = given.outputTokens;
    auto force = membersOf(given.force, given.name);
    if (!force)
        return force.error();
    auto defaults = membersOf(given.defaults, given.name);
    if (!defaults)
        return defaults.error();
    route.force = std::move(*force);
    route.defaults = std::move(*defaults);
    return route;
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
        auto built = buildRoute(given);
        if (!built)
            return built.error();
        Route& route = *built;
        for (const gateway_verbs::Target& targetGiven : given.targets) {
            auto target = buildTarget(targetGiven, given.name, sockets);
            if (target)
                route.targets.push_back(std::move(*target));
            else
                table->m_refused.push_back("Route \"" + given.name + "\": " + target.error().message);
        }
        if (!table->m_routes.emplace(given.name, std::move(*built)).second)
            return wrong("The route \"" + given.name + "\" is given twice.");
    }
    table->m_frozenAll = configuration.frozenAll;
    for (const gateway_verbs::Person& given : configuration.people) {
        if (!isName(given.user))
            return wrong("A person lacks their id.");
        Person person{given.user, given.name, given.role, given.frozen, given.usualNanosPerHour};
        if (!table->m_people.emplace(given.user, std::move(person)).second)
            return wrong("The person " + given.user + " is given twice.");
    }
    for (const gateway_verbs::Cell& given : configuration.cells) {
        if (!isCellId(given.cellId))
            return wrong("\"" + given.cellId + "\" is no cell id.");
        auto cell = table->caller(given.cellId, given.user, given.tokenHash, given.routes);
        if (!cell)
            return cell.error();
        if (!table->m_cells.emplace(given.cellId, std::move(*cell)).second)
            return wrong("The cell " + given.cellId + " is given twice.");
    }
    for (const gateway_verbs::Key& given : configuration.keys) {
        if (!isName(given.keyId))
            return wrong("A personal key lacks its id.");
        auto key = table->caller(given.keyId, given.user, given.tokenHash, given.routes);
        if (!key)
            return key.error();
        key->kind = Caller::Kind::Key;
        key->batch = given.batch;
        if (!given.expiresAt.empty()) {
            key->expires = fromRfc3339(given.expiresAt);
            if (!key->expires)
                return wrong("The end of the personal key " + given.keyId + " is no time.");
        }
        table->m_keyIds.insert(given.keyId);
        if (!table->m_keys.emplace(key->tokenHash, std::move(*key)).second)
            return wrong("The personal key " + given.keyId + " is given twice.");
    }
    return std::shared_ptr<const RouteTable>(std::move(table));
}

Result<Caller> RouteTable::caller(const std::string& id, const std::string& user, const std::string& tokenHash, const std::vector<std::string>& routes) const {
    const auto hash = fromHex(tokenHash);
    if (!hash || hash->size() != 32)
        return wrong("The token hash of " + id + " must be 64 hexadecimal digits.");
    Caller caller;
    caller.id = id;
    caller.user = user;
    const auto person = m_people.find(user);
    caller.person = person == m_people.end() ? nullptr : &person->second;
    caller.routes = {routes.begin(), routes.end()};
    std::copy(hash->begin(), hash->end(), reinterpret_cast<char*>(caller.tokenHash.data()));
    return caller;
}

const Caller* RouteTable::cell(std::string_view cellId) const {
    const auto found = m_cells.find(cellId);
    return found == m_cells.end() ? nullptr : &found->second;
}

const Caller* RouteTable::key(const Sha256& tokenHash) const {
    const auto found = m_keys.find(tokenHash);
    return found == m_keys.end() ? nullptr : &found->second;
}

std::string_view RouteTable::stopOf(std::string_view user) const {
    const auto person = m_people.find(user);
    if (person == m_people.end())
        return "This person is not known here any more, or is disabled.";
    return person->second.frozen.empty() ? std::string_view(m_frozenAll) : std::string_view(person->second.frozen);
}

bool RouteTable::opens(const Route& route, const Caller& caller) {
    if (!route.enabled || route.targets.empty() || !caller.person)
        return false;
    const bool listed = caller.routes.contains(route.name);
    const bool persons = route.everyone || route.roles.contains(caller.person->role) || route.people.contains(caller.user);
    if (caller.kind == Caller::Kind::Key)
        return persons && (caller.routes.empty() || listed);
    return persons || listed;
}

const Route* RouteTable::routeFor(const Caller& caller, std::string_view name) const {
    const auto found = m_routes.find(name);
    return found != m_routes.end() && opens(found->second, caller) ? &found->second : nullptr;
}

std::vector<const Route*> RouteTable::routesOf(const Caller& caller) const {
    std::vector<const Route*> routes;
    for (const auto& [name, route] : m_routes) {
        if (opens(route, caller))
            routes.push_back(&route);
    }
    return routes;
}

} // namespace clawloops::model
