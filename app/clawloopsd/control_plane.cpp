// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "control_plane.h"

#include "base/files.h"
#include "base/log.h"

using namespace clawloops;

namespace {
constexpr Log logger("control-plane");

store::DatabaseConfig databaseConfig(const Options& options) {
    store::DatabaseConfig config;
    config.url = options.database;
    config.migrations = options.share + "/migrations";
    return config;
}

std::vector<std::string> hosts(const Options& options) {
    std::vector<std::string> all{options.host};
    all.insert(all.end(), options.allowedHosts.begin(), options.allowedHosts.end());
    return all;
}

orchestrator::ModelRoutes::ComponentUrls componentUrls(const Options& options) {
    orchestrator::ModelRoutes::ComponentUrls urls;
    if (options.starterModel)
        urls["starter"] = "unix:" + options.run + "/model/starter.sock";
    if (options.liteLlm)
        urls["litellm"] = "unix:" + options.run + "/model/litellm.sock";
    return urls;
}

QString socketOf(const Options& options, const char* program) {
    return QString::fromStdString(options.run + "/" + program + "/control.sock");
}

api::Parts apiParts(identity::IdentityService& identity, identity::SessionIndex& sessions, orchestrator::Orchestrator& orchestrator,
                    orchestrator::ModelRoutes& routes, orchestrator::Credentials& credentials, governance::Governance& governance, governance::UsageSummaries& usage, store::Database& database,
                    ControlClient& supervisor, api::ComponentWatch& components, api::LiveView& live, const Clock& clock, const Addresses& addresses) {
    return {identity, sessions, orchestrator, routes, credentials, governance, usage, database, supervisor, components,
            live,     clock,    addresses,    CLAWLOOPS_VERSION, clock.now(), nullptr};
}
} // namespace

Result<ControlPlaneFiles> ControlPlaneFiles::read(const Options& options) {
    auto key = readFile(options.data + "/secrets/control/grant.key");
    if (!key)
        return key.error();
    if (key->size() != 32)
        return Error{ErrorCode::Internal, options.data + "/secrets/control/grant.key has not 32 bytes. Remove it and start the supervisor "
                                          "again, which makes a new one.", {}};
    const std::string own = options.data + "/pki/control/server";
    auto tls = HttpServer::mutualTls(own + ".crt", own + ".key", options.data + "/pki/client-ca.crt");
    if (!tls)
        return tls.error();
    auto portal = StaticFiles::read(options.share + "/portal");
    if (!portal)
        return portal.error();
    return ControlPlaneFiles{Secret(std::move(*key)), std::move(*tls), std::move(*portal)};
}

ControlPlane::ControlPlane(const Options& options, ControlPlaneFiles files)
    : m_options(options)
    , m_files(std::move(files))
    , m_addresses(hosts(options), options.portalPort, options.workspacePort)
    , m_database(databaseConfig(options))
    , m_listener(options.database, "clawloops")
    , m_sessions(m_database, m_listener, m_clock, {})
    , m_identity({m_database, m_hasher, m_sessions, m_clock})
    , m_supervisor(socketOf(options, "supervisor"), "The supervisor")
    , m_runtimed(socketOf(options, "runtimed"), "The runtime manager")
    , m_relay(socketOf(options, "relay"), "The workspace relay")
    , m_gateway(socketOf(options, "gateway"), "The model gateway")
    , m_gatewayPort(m_gateway)
    , m_runtimedPort(m_runtimed)
    , m_routes(m_database, m_gatewayPort, m_hub, m_clock, componentUrls(options))
    , m_credentials(m_database, m_routes, m_clock, orchestrator::MasterKey(options.data + "/secrets/vault/master.key"))
    , m_governance({m_database, m_gatewayPort, m_routes, m_hub, m_clock})
    , m_usage(m_database, m_gatewayPort, m_hub)
    , m_summaries(m_database, m_clock)
    , m_orchestrator(m_database, m_runtimedPort, m_routes, m_hub, m_clock, orchestratorSettings())
    , m_components(m_supervisor, m_hub, m_clock)
    , m_live({m_identity, m_orchestrator, m_routes, m_governance, m_hub, m_components})
    , m_cutter(m_sessions, m_relay, m_gateway)
    , m_check({m_sessions, [this](const std::string& userId) { return m_live.readyCell(userId); }, m_clock, m_addresses,
               m_files.grantKey})
    , m_api(apiParts(m_identity, m_sessions, m_orchestrator, m_routes, m_credentials, m_governance, m_summaries, m_database, m_supervisor, m_components, m_live,
                     m_clock, m_addresses),
            m_files.portal)
    , m_apiServer([this](HttpRequest request, HttpReply reply) { m_api.handle(std::move(request), std::move(reply)); })
    , m_checkServer([this](const HttpRequest& request, const HttpReply& reply) { reply.send(m_check.answer(request)); }) {
    wire();
}

orchestrator::OrchestratorSettings ControlPlane::orchestratorSettings() const {
    orchestrator::OrchestratorSettings settings;
    settings.image = m_options.image;
    settings.memoryBytes = m_options.runtimeMemory;
    settings.cpus = m_options.runtimeCpus;
    settings.pids = m_options.runtimePids;
    settings.smallPrompt = m_options.smallPrompt;
    for (const std::string& host : m_addresses.hosts())
        settings.origins.push_back(m_addresses.workspaceOrigin(host));
    return settings;
}

void ControlPlane::wire() {
    using Change = orchestrator::Change;
    connect(&m_identity, &identity::IdentityService::userChanged, this, [this](const QString& id) {
        m_hub.publish({Change::Kind::User, id.toStdString(), {}, false});
        m_orchestrator.wake(); // a disabled person's runtime stops
        m_routes.configure(this, [](const auto&) {}); // and its cell opens no model
    });
    connect(&m_identity, &identity::IdentityService::invitationChanged, this,
            [this](const QString& id) { m_hub.publish({Change::Kind::Invitation, id.toStdString(), {}, false}); });
    // What people spend usually, and how much of their budgets is stored.
    const auto tellGateway = [this] { m_routes.configure(this, [](const auto&) {}); };
    connect(&m_usage, &governance::UsagePump::baselineIsOld, this, tellGateway);
    connect(&m_governance.usage, &governance::UsageKeeper::turned, this, tellGateway);
    const auto disk = [this](const json::object& data) {
        if (const auto read = runtime::parseDisk(data))
            m_components.note("runtimed", read->sentence);
    };
    connect(&m_runtimed, &ControlClient::event, this, [disk](const QString& name, const json::object& data) {
        if (name == QLatin1StringView("disk"))
            disk(data);
    });
    connect(&m_runtimed, &ControlClient::connected, this, [this, disk] {
        m_runtimed.call("disk.status", {}, this, [disk](const Result<json::object>& answer) {
            if (answer)
                disk(*answer);
        });
    });
}

void ControlPlane::start(std::function<void(int, std::string)> failed) {
    m_failed = std::move(failed);
    // Listening comes first: until the database is there the answers are 503, and a taken port shows at once.
    if (const Status listening = m_apiServer.listenOn(m_options.apiPort, m_files.tls); !listening)
        return m_failed(71, listening.error().message);
    if (const Status listening = m_options.checkSocket < 0 ? m_checkServer.listenOn(m_options.checkPort, std::nullopt)
                                                           : m_checkServer.serve(m_options.checkSocket, m_options.checkPort);
        !listening)
        return m_failed(71, listening.error().message);
    m_database.open(this, [this](const Status& done) {
        if (done)
            return opened();
        const ErrorCode code = done.error().code;
        m_failed(code == ErrorCode::Unavailable ? 69 : code == ErrorCode::InvalidRequest ? 76 : 1, done.error().message);
    });
}

void ControlPlane::opened() {
    m_listener.start();
    m_sessions.load(this, [this](const Status& loaded) {
        if (!loaded)
            return m_failed(69, loaded.error().message);
        logger.info("ready", {}, {{"api", m_apiServer.port()}, {"check", m_checkServer.port()}});
    });
    m_routes.start();
    m_governance.start();
    m_usage.start();
    m_orchestrator.start();
    m_live.start();
    for (ControlClient* client : {&m_supervisor, &m_runtimed, &m_relay, &m_gateway})
        client->open();
}
