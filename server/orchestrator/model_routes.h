// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/clock.h"
#include "base/result.h"
#include "base/secret.h"
#include "orchestrator/configuration_parts.h"
#include "orchestrator/event_hub.h"
#include "orchestrator/model_port.h"
#include "store/audit_log.h"
#include "store/database.h"
#include "wire/api_types.h"

#include <QObject>
#include <QPointer>
#include <QTimer>

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace clawloops::orchestrator {

// Whether a person of that role may use it; an enabled one is offered to them.
[[nodiscard]] bool isOpenTo(const wire::Route& route, std::string_view userId, std::string_view role);

// Model routes: kept in PostgreSQL, pushed to the gateway together with the cells and every other part, whole, at each connect and
// change.
// A target's URL may be symbolic, "component:<name>": the socket of a component of this appliance, resolved when
// configuring, as run directories differ from start to start. One thread, callbacks as in store::Database.
class ModelRoutes : public QObject {
    Q_OBJECT
public:
    template <class T> using Done = std::function<void(Result<T>)>;
    // component name ("starter", "litellm") → "unix:/…/model/starter.sock"
    using ComponentUrls = std::map<std::string, std::string, std::less<>>;

    ModelRoutes(store::Database& database, ModelPort& gateway, EventHub& hub, const Clock& clock, ComponentUrls components,
                QObject* parent = nullptr);

    // Something else that the gateway is told. Before start().
    void add(ConfigurationPart part) { m_parts.add(std::move(part)); }
    // How targets' credentials are opened, by their ids; runs on a store thread, in the transaction of the configuration. Before start().
    using OpenCredentials = std::function<Result<std::map<std::string, Secret>>(store::Transaction&)>;
    void setCredentials(OpenCredentials open) { m_openCredentials = std::move(open); }
    // Reads the routes, then configures the gateway whenever it is connected. Call once the database is open.
    void start();

    // As of the last change; symbolic URLs as they are stored.
    [[nodiscard]] const std::vector<wire::Route>& routes() const { return m_routes; }
    // The enabled ones that this person may use, as of the last configuration.
    [[nodiscard]] std::vector<runtime::CellModel> modelsOf(const std::string& userId) const;
    // Each is answered once the gateway was told, or is away. InvalidRequest: route_check.h, route_records.h.
    void create(const wire::Route& route, const store::Actor& actor, QObject* guard, Done<wire::Route> done); // RuntimeActionConflict
    void change(const wire::Route& route, const store::Actor& actor, QObject* guard, Done<wire::Route> done); // ModelNotFound
    // ModelNotFound; RuntimeActionConflict: a budget or a limit is of it. The answer is the route as it was.
    void remove(const std::string& modelId, const store::Actor& actor, QObject* guard, Done<wire::Route> done);

    // Pushes routes and cells. `done` runs after a configuration that was built from the database after this call was applied:
    // Unavailable while the gateway is away (it is configured anyhow once it is back).
    void configure(QObject* guard, Done<gateway_verbs::ConfigureReply> done);

Q_SIGNALS:
    void changed(); // routes() did

private:
    struct Waiting {
        QPointer<QObject> guard;
        Done<gateway_verbs::ConfigureReply> done;
    };
    struct Built {
        std::vector<wire::Route> routes;
        gateway_verbs::Configuration configuration; // all but the routes
        std::map<std::string, Secret> secrets; // by credential id
    };
    void carryOut(bool deleted, QObject* guard, Done<wire::Route> done, std::function<Result<wire::Route>(store::Transaction&)> job);
    void push();
    void pushed(std::vector<Waiting> waiting, const Result<gateway_verbs::ConfigureReply>& outcome);
    [[nodiscard]] gateway_verbs::Configuration configuration(Built built);
    [[nodiscard]] Result<std::string> resolve(const std::string& url) const;
    [[nodiscard]] Status check(const wire::Route& route) const;

    store::Database& m_database;
    ModelPort& m_gateway;
    EventHub& m_hub;
    const Clock& m_clock;
    ComponentUrls m_components;
    ConfigurationParts m_parts;
    OpenCredentials m_openCredentials;
    std::vector<wire::Route> m_routes;
    std::map<std::string, std::string> m_roles; // user id → role
    std::vector<Waiting> m_waiting;
    std::int64_t m_revision = 0;
    bool m_pushing = false;
    bool m_again = false;
    QTimer m_retry;
};

} // namespace clawloops::orchestrator
