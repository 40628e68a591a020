// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "api/api.h"
#include "api/component_watch.h"
#include "api/live_view.h"
#include "api/session_cutter.h"
#include "edge/http_server.h"
#include "edge/session_check.h"
#include "governance/governance.h"
#include "governance/usage_pump.h"
#include "governance/usage_summaries.h"
#include "identity/identity_service.h"
#include "link/control_client.h"
#include "options.h"
#include "orchestrator/credentials.h"
#include "orchestrator/model_routes.h"
#include "orchestrator/orchestrator.h"
#include "orchestrator/ports/gateway_port.h"
#include "orchestrator/ports/runtimed_port.h"
#include "store/database.h"
#include "store/listener.h"

#include <QObject>

#include <functional>
#include <memory>

// What is read from files before anything runs.
struct ControlPlaneFiles {
    clawloops::Secret grantKey;
    QSslConfiguration tls;
    clawloops::StaticFiles portal;
    [[nodiscard]] static clawloops::Result<ControlPlaneFiles> read(const Options& options);
};

// Every object of the control plane and who knows whom; the members' order is the order of making. One thread.
class ControlPlane : public QObject {
    Q_OBJECT
public:
    ControlPlane(const Options& options, ControlPlaneFiles files);
    // `done` gets an exit code and a sentence when the start failed, else nothing is called.
    void start(std::function<void(int code, std::string sentence)> failed);
    [[nodiscard]] std::uint16_t apiPort() const { return m_apiServer.port(); }

private:
    void opened();
    void wire();
    [[nodiscard]] clawloops::orchestrator::OrchestratorSettings orchestratorSettings() const;

    Options m_options;
    ControlPlaneFiles m_files;
    clawloops::SystemClock m_clock;
    clawloops::Addresses m_addresses;
    clawloops::store::Database m_database;
    clawloops::store::Listener m_listener;
    clawloops::identity::SessionIndex m_sessions;
    clawloops::identity::PasswordHasher m_hasher;
    clawloops::identity::IdentityService m_identity;
    clawloops::ControlClient m_supervisor;
    clawloops::ControlClient m_runtimed;
    clawloops::ControlClient m_relay;
    clawloops::ControlClient m_gateway;
    clawloops::orchestrator::EventHub m_hub;
    clawloops::orchestrator::GatewayPort m_gatewayPort;
    clawloops::orchestrator::RuntimedPort m_runtimedPort;
    clawloops::orchestrator::ModelRoutes m_routes;
    clawloops::orchestrator::Credentials m_credentials;
    clawloops::governance::Governance m_governance;
    clawloops::governance::UsagePump m_usage;
    clawloops::governance::UsageSummaries m_summaries;
    clawloops::orchestrator::Orchestrator m_orchestrator;
    clawloops::api::ComponentWatch m_components;
    clawloops::api::LiveView m_live;
    clawloops::api::SessionCutter m_cutter;
    clawloops::SessionCheck m_check;
    clawloops::api::Api m_api;
    clawloops::HttpServer m_apiServer;
    clawloops::HttpServer m_checkServer;
    std::function<void(int, std::string)> m_failed;
};
