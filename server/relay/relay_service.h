// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/clock.h"
#include "base/result.h"
#include "relay/workspace_relay.h"
#include "stream/control_server.h"
#include "stream/listener.h"

#include <filesystem>
#include <memory>
#include <string>

namespace clawloops::relay {

struct RelayOptions {
    std::filesystem::path data;
    std::filesystem::path run;
    std::string address = "127.0.0.1";
    std::uint16_t port = 0;
    stream::TlsServerFiles tls;
    std::filesystem::path grantKey;
    uid_t controlUid = 0;
    std::uint16_t portalPort = 8443;
    stream::ServerLimits server = serverLimits();
    stream::UpstreamLimits cell = cellLimits();
    RelayLimits relay;

    static stream::ServerLimits serverLimits();
    static stream::UpstreamLimits cellLimits();
};

// The relay whole: Traefik's listener, the control socket with its verbs (internals.md, "relay"), and the clock that cuts what
// belongs to an expired session. Lives on one io_context: close() it, run that until nothing is left, then destroy both.
class RelayService {
public:
    static Result<std::unique_ptr<RelayService>> start(boost::asio::io_context& io, const Clock& clock, const RelayOptions& options);
    ~RelayService();

    [[nodiscard]] std::uint16_t port() const { return m_listener->port(); }
    [[nodiscard]] const stream::ConnectionRegistry& registry() const { return m_registry; }
    [[nodiscard]] const RelayCounts& counts() const { return m_relay->counts(); }
    void close(); // listeners and every connection

private:
    RelayService(boost::asio::io_context& io, const Clock& clock, const RelayOptions& options, Secret key);
    stream::Task<Result<json::object>> answer(control::Request request);
    [[nodiscard]] Result<json::object> cut(const json::object& args);
    [[nodiscard]] json::object connections() const;
    [[nodiscard]] json::object stats() const;
    void cellChanged(const std::string& cell, const std::string& user, std::size_t open);
    void watchSessions();

    struct SessionTimer;
    const Clock& m_clock;
    stream::ConnectionRegistry m_registry;
    CellUpstreams m_cells;
    std::unique_ptr<WorkspaceRelay> m_relay;
    std::unique_ptr<SessionTimer> m_sessionTimer;
    std::unique_ptr<stream::Listener> m_listener;
    std::unique_ptr<stream::ControlServer> m_control;
};

} // namespace clawloops::relay
