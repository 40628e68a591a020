// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/clock.h"
#include "base/result.h"
#include "gateway/model_service.h"
#include "gateway/service_state.h"
#include "stream/control_server.h"
#include "stream/listener.h"
#include "wire/gateway_queries.h"
#include "wire/gateway_verbs.h"

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <sys/types.h>
#include <vector>

namespace clawloops::gateway {

struct GatewayConfig {
    std::filesystem::path data; // cells/ and spool/ beneath
    std::filesystem::path run; // gateway/control.sock, model/litellm.sock beneath
    std::string listenAddress = "127.0.0.1";
    std::uint16_t listenPort = 0;
    stream::TlsServerFiles tls;
    Secret liteLlmKey;
    uid_t controlUid = 0;
    ServiceLimits limits{};
};

// The whole gateway on one io_context: the listener for personal keys, the control socket with its verbs (internals.md), a
// model.sock for each configured cell, the spool. Without a configuration it serves nobody.
class Gateway {
public:
    static Result<std::unique_ptr<Gateway>> start(stream::asio::io_context& io, const Clock& clock, GatewayConfig config);
    ~Gateway();

    // Stops accepting, cuts what is under way so that it is booked, calls back when all of it has ended or after 3 s.
    void stop(std::function<void()> stopped);
    [[nodiscard]] std::uint16_t port() const { return m_keys->port(); }

private:
    Gateway(stream::asio::io_context& io, const Clock& clock, GatewayConfig config, std::unique_ptr<UsageSpool> spool);

    Status recall();
    Status listen();
    stream::Task<Result<json::object>> onVerb(control::Request request);
    Result<json::object> configure(const json::object& args);
    void cutStopped(const model::RouteTable& table);
    void openCells(gateway_verbs::ConfigureReply& reply);
    Result<json::object> readUsage(const json::object& args);
    Result<json::object> changeQueue(bool drop, const json::object& args);
    Result<json::object> changeBrake(bool hold, const json::object& args);
    [[nodiscard]] std::vector<gateway_verbs::BrakeState> brakes() const;
    void onBrake(const model::BrakeReport& report);
    Result<json::object> refusals(const json::object& args);
    Result<json::object> ackUsage(const json::object& args);
    Result<json::object> cut(const json::object& args);
    [[nodiscard]] json::object stats() const;
    [[nodiscard]] std::filesystem::path socketOf(const std::string& cellId) const;
    stream::Task<void> waitForEnd(std::function<void()> stopped);

    stream::asio::io_context& m_io;
    GatewayConfig m_config;
    std::unique_ptr<UsageSpool> m_spool;
    stream::ConnectionRegistry m_registry;
    ServiceState m_state;
    ModelService m_service;
    std::map<std::string, std::unique_ptr<stream::Listener>> m_cells;
    std::unique_ptr<stream::Listener> m_keys;
    std::unique_ptr<stream::ControlServer> m_control;
};

} // namespace clawloops::gateway
