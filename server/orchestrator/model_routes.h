// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/clock.h"
#include "base/result.h"
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
#include <vector>

namespace clawloops::orchestrator {

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
    // Reads the routes, then configures the gateway whenever it is connected. Call once the database is open.
    void start();

    // As of the last change; symbolic URLs as they are stored.
    [[nodiscard]] const std::vector<wire::Route>& routes() const { return m_routes; }
    [[nodiscard]] std::vector<runtime::CellModel> enabledModels() const;
    // ModelNotFound; InvalidRequest (no target, unknown kind or component, a URL that is none). Makes no new route.
    void change(const wire::Route& route, const store::Actor& actor, QObject* guard, Done<wire::Route> done);

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
    };
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
    std::vector<wire::Route> m_routes;
    std::vector<Waiting> m_waiting;
    std::int64_t m_revision = 0;
    bool m_pushing = false;
    bool m_again = false;
    QTimer m_retry;
};

} // namespace clawloops::orchestrator
