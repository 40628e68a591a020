// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "orchestrator/model_routes.h"

#include "base/log.h"
#include "orchestrator/route_check.h"
#include "orchestrator/route_records.h"

#include <algorithm>
#include <utility>

namespace clawloops::orchestrator {

namespace {

constexpr Log logger("orchestrator");
constexpr std::string_view componentPrefix = "component:";
constexpr std::chrono::milliseconds retryAfter{1000};

Error refused(std::string message) { return {ErrorCode::InvalidRequest, std::move(message), {}}; }

gateway_verbs::Target targetOf(const wire::RouteTarget& target, const std::string& url) {
    gateway_verbs::Target one{target.name, target.kind, url, target.model, target.weight};
    one.provider = target.provider;
    one.slots = target.slots;
    if (target.price)
        one.price = gateway_verbs::Price{target.price->in, target.price->cachedIn, target.price->out};
    return one;
}

} // namespace

ModelRoutes::ModelRoutes(store::Database& database, ModelPort& gateway, EventHub& hub, const Clock& clock, ComponentUrls components, QObject* parent)
    : QObject(parent), m_database(database), m_gateway(gateway), m_hub(hub), m_clock(clock), m_components(std::move(components)) {
    connect(&m_retry, &QTimer::timeout, this, &ModelRoutes::push);
    m_retry.setSingleShot(true);
    m_parts.add(readCells);
}

void ModelRoutes::start() {
    connect(&m_gateway, &ModelPort::connected, this, &ModelRoutes::push);
    push();
}

bool isOpenTo(const wire::Route& route, std::string_view userId, std::string_view role) {
    return route.everyone || std::find(route.roles.begin(), route.roles.end(), role) != route.roles.end() ||
           std::find(route.people.begin(), route.people.end(), userId) != route.people.end();
}

std::vector<runtime::CellModel> ModelRoutes::modelsOf(const std::string& userId) const {
    const auto role = m_roles.find(userId);
    std::vector<runtime::CellModel> models;
    for (const wire::Route& route : m_routes)
        if (route.enabled && isOpenTo(route, userId, role == m_roles.end() ? std::string_view() : role->second))
            models.push_back({route.modelId, route.title});
    return models;
}

Status ModelRoutes::check(const wire::Route& route) const {
    return checkRoute(route, [this](const std::string& url) { return resolve(url); });
}

Result<std::string> ModelRoutes::resolve(const std::string& url) const {
    if (!url.starts_with(componentPrefix))
        return url;
    const std::string_view component = std::string_view(url).substr(componentPrefix.size());
    const auto found = m_components.find(component);
    if (found == m_components.end())
        return refused("There is no component \"" + std::string(component) + "\" that serves models here.");
    return found->second;
}

void ModelRoutes::create(const wire::Route& route, const store::Actor& actor, QObject* guard, Done<wire::Route> done) {
    const Status fine = check(route);
    carryOut(false, guard, std::move(done), [route, actor, fine](store::Transaction& tx) -> Result<wire::Route> {
        if (!fine)
            return fine.error();
        Status made = insertRoute(tx, route);
        if (made)
            made = store::appendAudit(tx, actor, "route.create", route.modelId, wire::toJson(route));
        if (!made)
            return made.error();
        return route;
    });
}

void ModelRoutes::change(const wire::Route& route, const store::Actor& actor, QObject* guard, Done<wire::Route> done) {
    const Status fine = check(route);
    carryOut(false, guard, std::move(done), [route, actor, fine](store::Transaction& tx) -> Result<wire::Route> {
        auto known = loadRoute(tx, route.modelId);
        if (!known)
            return known.error();
        if (!fine)
            return fine.error();
        Status changed = updateRoute(tx, route);
        if (changed)
            changed = store::appendAudit(tx, actor, "route.change", route.modelId, wire::toJson(route));
        if (!changed)
            return changed.error();
        return route;
    });
}

void ModelRoutes::remove(const std::string& modelId, const store::Actor& actor, QObject* guard, Done<wire::Route> done) {
    carryOut(true, guard, std::move(done), [modelId, actor](store::Transaction& tx) -> Result<wire::Route> {
        auto known = loadRoute(tx, modelId);
        if (!known)
            return known.error();
        Status gone = deleteRoute(tx, modelId);
        if (gone)
            gone = store::appendAudit(tx, actor, "route.remove", modelId, wire::toJson(*known));
        if (!gone)
            return gone.error();
        return known;
    });
}

// The gateway has it before it is answered; where that is away, it lets nothing in and is told once it is back.
void ModelRoutes::carryOut(bool deleted, QObject* guard, Done<wire::Route> done, std::function<Result<wire::Route>(store::Transaction&)> job) {
    m_database.run(std::move(job), this, [this, deleted, guard = QPointer<QObject>(guard), done = std::move(done)](Result<wire::Route> stored) {
        if (!stored) {
            if (guard)
                done(std::move(stored));
            return;
        }
        configure(this, [this, deleted, guard, done, route = std::move(*stored)](const Result<gateway_verbs::ConfigureReply>&) {
            m_hub.publish({Change::Kind::Route, route.modelId, {}, deleted});
            Q_EMIT changed();
            if (guard)
                done(route);
        });
    });
}

void ModelRoutes::configure(QObject* guard, Done<gateway_verbs::ConfigureReply> done) {
    m_waiting.push_back({guard, std::move(done)});
    push();
}

gateway_verbs::Configuration ModelRoutes::configuration(Built built) {
    gateway_verbs::Configuration out = std::move(built.configuration);
    // Larger than any of an earlier process, without keeping a counter.
    m_revision = std::max(m_revision + 1, toUnixMillis(m_clock.now()));
    out.revision = m_revision;
    for (const wire::Route& route : built.routes) {
        gateway_verbs::Route one{route.modelId, route.title, route.enabled, route.balance, {}};
        one.everyone = route.everyone;
        one.roles = route.roles;
        one.people = route.people;
        one.force = route.force;
        one.defaults = route.defaults;
        one.contextTokens = route.contextTokens;
        one.outputTokens = route.outputTokens;
        for (const wire::RouteTarget& target : route.targets) {
            auto url = target.url.empty() ? target.url : resolve(target.url);
            const auto secret = built.secrets.find(target.credentialId);
            if (url && !target.credentialId.empty() && secret == built.secrets.end()) // without its key it would only be refused there
                url = refused("its credential cannot be opened");
            if (url) {
                one.targets.push_back(targetOf(target, *url));
                if (secret != built.secrets.end())
                    one.targets.back().credential = secret->second;
            } else {
                logger.error("a route's target has no address", {}, {{"route", route.modelId}, {"target", target.name}, {"reason", url.error().message}});
            }
        }
        if (!one.targets.empty())
            out.routes.push_back(std::move(one));
    }
    return out;
}

void ModelRoutes::push() {
    m_again = true;
    if (m_pushing)
        return;
    m_pushing = true;
    m_again = false;
    m_retry.stop();
    // Those who asked until now are answered by what is read from now on.
    auto waiting = std::make_shared<std::vector<Waiting>>(std::exchange(m_waiting, {}));
    m_database.run(
        [parts = m_parts, open = m_openCredentials](store::Transaction& tx) -> Result<Built> {
            Built built;
            auto configuration = parts.read(tx);
            if (!configuration)
                return configuration.error();
            built.configuration = std::move(*configuration);
            auto routes = loadRoutes(tx);
            if (!routes)
                return routes.error();
            built.routes = std::move(*routes);
            auto secrets = open ? open(tx) : Result<std::map<std::string, Secret>>(std::map<std::string, Secret>());
            if (!secrets)
                return secrets.error();
            built.secrets = std::move(*secrets);
            return built;
        },
        this, [this, waiting](Result<Built> built) {
            if (!built)
                return pushed(std::move(*waiting), built.error());
            const bool first = m_routes.empty();
            m_routes = built->routes;
            m_roles.clear();
            for (const gateway_verbs::Person& person : built->configuration.people)
                m_roles[person.user] = person.role;
            if (first)
                Q_EMIT changed();
            m_gateway.configure(configuration(std::move(*built)), [this, waiting, alive = QPointer<ModelRoutes>(this)](Result<gateway_verbs::ConfigureReply> outcome) {
                if (alive)
                    pushed(std::move(*waiting), outcome);
            });
        });
}

void ModelRoutes::pushed(std::vector<Waiting> waiting, const Result<gateway_verbs::ConfigureReply>& outcome) {
    m_pushing = false;
    if (!outcome) {
        logger.warning("the gateway was not configured", {}, {{"reason", outcome.error().message}, {"detail", outcome.error().detail}});
        // While it is away, connected() brings us back; this is for everything else.
        if (m_gateway.isConnected())
            m_retry.start(retryAfter);
    } else if (!outcome->missing.empty()) {
        logger.info("cells without a folder yet", {}, {{"count", outcome->missing.size()}});
    }
    if (outcome)
        for (const std::string& sentence : outcome->refused)
            logger.error("the gateway left a target out", {}, {{"reason", sentence}});
    for (Waiting& one : waiting)
        if (one.guard)
            one.done(outcome);
    if (m_again)
        push();
}

} // namespace clawloops::orchestrator
