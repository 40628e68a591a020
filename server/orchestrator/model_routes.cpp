// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "orchestrator/model_routes.h"

#include "base/log.h"

#include <algorithm>
#include <utility>

namespace clawloops::orchestrator {

namespace {

constexpr Log logger("orchestrator");
constexpr std::string_view componentPrefix = "component:";
constexpr std::chrono::milliseconds retryAfter{1000};

wire::Route routeOf(const store::Row& row) {
    wire::Route route;
    route.modelId = row.text(0);
    route.title = row.text(1);
    route.enabled = row.flag(2);
    if (auto targets = parseObject("{\"items\":" + row.text(3) + "}"))
        if (auto list = wire::listFromJson<wire::RouteTarget>(*targets))
            route.targets = std::move(*list);
    return route;
}

Result<std::vector<wire::Route>> loadRoutes(store::Transaction& tx) {
    auto rows = tx.query("SELECT name, title, enabled, targets::text FROM routes ORDER BY position, name");
    if (!rows)
        return rows.error();
    std::vector<wire::Route> routes;
    for (const store::Row& row : *rows)
        routes.push_back(routeOf(row));
    return routes;
}

Error refused(std::string message) { return {ErrorCode::InvalidRequest, std::move(message), {}}; }

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

std::vector<runtime::CellModel> ModelRoutes::enabledModels() const {
    std::vector<runtime::CellModel> models;
    for (const wire::Route& route : m_routes)
        if (route.enabled)
            models.push_back({route.modelId, route.title});
    return models;
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

Status ModelRoutes::check(const wire::Route& route) const {
    if (route.title.empty() || route.title.size() > 100)
        return refused("A route needs a title of at most 100 characters.");
    if (route.targets.empty())
        return refused("A route needs at least one target.");
    for (const wire::RouteTarget& target : route.targets) {
        if (target.name.empty() || target.model.empty())
            return refused("Each target needs a name and a model.");
        if (target.kind != "openai" && target.kind != "litellm")
            return refused("A target's kind is openai or litellm.");
        if (target.weight < 0 || target.weight > 1000)
            return refused("A target's weight is 0 to 1000.");
        auto url = resolve(target.url);
        if (!url)
            return url.error();
        const bool known = url->starts_with("http://") || url->starts_with("https://") || url->starts_with("unix:/");
        if (!known || url->size() > 500 || url->find('@') != std::string::npos)
            return refused("A target's url starts with http://, https://, unix:/ or component: and holds no credential.");
    }
    return {};
}

void ModelRoutes::change(const wire::Route& route, const store::Actor& actor, QObject* guard, Done<wire::Route> done) {
    Status fine = check(route);
    m_database.run(
        [route, actor, fine](store::Transaction& tx) -> Result<wire::Route> {
            auto known = tx.query("SELECT 1 FROM routes WHERE name = $1 FOR UPDATE", {route.modelId});
            if (!known)
                return known.error();
            if (known->empty())
                return Error{ErrorCode::ModelNotFound, "There is no model route \"" + route.modelId + "\".", {}};
            if (!fine)
                return fine.error();
            json::array targets;
            for (const wire::RouteTarget& target : route.targets)
                targets.emplace_back(wire::toJson(target));
            Status changed = tx.exec("UPDATE routes SET title = $2, enabled = $3, targets = $4 WHERE name = $1",
                                     {route.modelId, route.title, route.enabled, json::serialize(targets)});
            if (changed)
                changed = store::appendAudit(tx, actor, "route.change", route.modelId, wire::toJson(route));
            if (!changed)
                return changed.error();
            return route;
        },
        this, [this, guard = QPointer<QObject>(guard), done = std::move(done)](Result<wire::Route> changed) {
            if (changed) {
                for (wire::Route& mine : m_routes)
                    if (mine.modelId == changed->modelId)
                        mine = *changed;
                push();
                m_hub.publish({Change::Kind::Route, changed->modelId, {}, false});
                Q_EMIT this->changed();
            }
            if (guard)
                done(std::move(changed));
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
        gateway_verbs::Route one{route.modelId, route.title, route.enabled, "order", {}};
        one.everyone = true;
        for (const wire::RouteTarget& target : route.targets) {
            auto url = resolve(target.url);
            if (url)
                one.targets.push_back({target.name, target.kind, *url, target.model, target.weight});
            else
                logger.error("a route's target has no address", {}, {{"route", route.modelId}, {"target", target.name}, {"reason", url.error().message}});
        }
        if (!one.targets.empty())
            out.routes.push_back(std::move(one));
    }
    std::vector<std::string> names;
    for (const wire::Route& route : built.routes)
        if (route.enabled)
            names.push_back(route.modelId);
    for (gateway_verbs::Cell& cell : out.cells)
        cell.routes = names;
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
        [parts = m_parts](store::Transaction& tx) -> Result<Built> {
            Built built;
            auto configuration = parts.read(tx);
            if (!configuration)
                return configuration.error();
            built.configuration = std::move(*configuration);
            auto routes = loadRoutes(tx);
            if (!routes)
                return routes.error();
            built.routes = std::move(*routes);
            return built;
        },
        this, [this, waiting](Result<Built> built) {
            if (!built)
                return pushed(std::move(*waiting), built.error());
            const bool first = m_routes.empty();
            m_routes = built->routes;
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
