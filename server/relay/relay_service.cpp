// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "relay/relay_service.h"

#include "base/files.h"
#include "base/log.h"
#include "stream/sweeper.h"
#include "wire/relay_verbs.h"

namespace clawloops::relay {

namespace verbs = relay_verbs;

namespace {

constexpr Log log("relay");
constexpr std::chrono::milliseconds sessionsEvery{1'000};
constexpr std::size_t grantKeyBytes = 32;

Status noArguments(const control::Request& request) {
    return ObjectReader(request.args, request.verb).finish();
}

} // namespace

// Ticks only while there is something that could expire.
struct RelayService::SessionTimer {
    explicit SessionTimer(stream::Executor executor) : timer(executor) {}
    stream::Timer timer;
    bool armed = false;
};

stream::ServerLimits RelayOptions::serverLimits() {
    stream::ServerLimits limits;
    limits.connections = 4096; // one by request and WebSocket under way, all from Traefik
    limits.idleDeadline = std::chrono::seconds(100); // longer than Traefik keeps an idle one (90 s)
    limits.stallDeadline = std::chrono::minutes(5);
    return limits;
}

stream::UpstreamLimits RelayOptions::cellLimits() {
    stream::UpstreamLimits limits;
    limits.headBytes = 32 * 1024;
    return limits;
}

Result<std::unique_ptr<RelayService>> RelayService::start(boost::asio::io_context& io, const Clock& clock, const RelayOptions& options) {
    auto key = readFile(options.grantKey);
    if (!key)
        return key.error();
    if (key->size() != grantKeyBytes)
        return Error{ErrorCode::Unavailable,
                     "The grant key " + options.grantKey.string() + " is not 32 bytes long; remove both copies and start the appliance "
                     "again to make a new one.", {}};
    std::unique_ptr<RelayService> service(new RelayService(io, clock, options, Secret(std::move(*key))));
    auto* raw = service.get();
    auto listener = stream::Listener::tls(io, options.address, options.port, options.tls, options.server,
                                          [raw](stream::Exchange& exchange) { return raw->m_relay->handle(exchange); });
    if (!listener)
        return listener.error();
    service->m_listener = std::move(*listener);
    auto control = stream::ControlServer::listen(io, options.run / "relay" / "control.sock", 0660, {options.controlUid},
                                                 [raw](control::Request request) { return raw->answer(std::move(request)); });
    if (!control)
        return control.error();
    service->m_control = std::move(*control);
    log.info("listening", {}, {{"address", options.address}, {"port", service->port()}});
    return service;
}

RelayService::RelayService(boost::asio::io_context& io, const Clock& clock, const RelayOptions& options, Secret key)
    : m_clock(clock), m_cells(io, options.data / "cells", options.cell),
      m_relay(std::make_unique<WorkspaceRelay>(io, clock, std::move(key), m_cells, m_registry, options.portalPort, options.relay)),
      m_sessionTimer(std::make_unique<SessionTimer>(io.get_executor())) {
    m_registry.onCellChanged([this](const std::string& cell, const std::string& user, std::size_t open) { cellChanged(cell, user, open); });
}

RelayService::~RelayService() {
    close();
    m_registry.onCellChanged({});
}

void RelayService::close() {
    m_sessionTimer->timer.cancel();
    if (m_listener)
        m_listener->close();
    if (m_control)
        m_control->close();
    m_cells.closeIdle();
}

void RelayService::cellChanged(const std::string& cell, const std::string& user, std::size_t open) {
    verbs::Closed closed;
    closed.cell = cell;
    closed.user = user;
    closed.open = static_cast<std::int64_t>(open);
    if (m_control)
        m_control->push("closed", verbs::toJson(closed));
    if (m_registry.size() > 0)
        watchSessions();
}

void RelayService::watchSessions() {
    if (std::exchange(m_sessionTimer->armed, true))
        return;
    m_sessionTimer->timer.expires_after(sessionsEvery);
    m_sessionTimer->timer.async_wait([this](const boost::system::error_code& error) {
        if (error)
            return;
        m_sessionTimer->armed = false;
        if (const std::size_t ended = m_registry.cutExpired(m_clock.now()); ended > 0)
            log.info("connections of expired sessions were cut", {}, {{"closed", ended}});
        if (m_registry.size() > 0)
            watchSessions();
    });
}

stream::Task<Result<json::object>> RelayService::answer(control::Request request) {
    if (request.verb == "cut")
        co_return cut(request.args);
    if (request.verb == "connections" || request.verb == "stats") {
        if (const Status status = noArguments(request); !status)
            co_return status.error();
        co_return request.verb == "stats" ? stats() : connections();
    }
    co_return Error{ErrorCode::InvalidRequest, "The relay knows no verb \"" + request.verb + "\"; it knows cut, connections and stats.", {}};
}

Result<json::object> RelayService::cut(const json::object& args) {
    auto wanted = verbs::cutFromJson(args);
    if (!wanted)
        return wanted.error();
    stream::ConnectionRegistry::Selector selector;
    selector.session = wanted->session;
    selector.user = wanted->user;
    selector.cell = wanted->cell;
    verbs::CutReply reply;
    reply.closed = static_cast<std::int64_t>(m_relay->cut(selector));
    log.info("cut", {}, {{"user", wanted->user.value_or("")}, {"cell", wanted->cell.value_or("")}, {"closed", reply.closed}});
    return verbs::toJson(reply);
}

json::object RelayService::connections() const {
    verbs::Connections all;
    for (const auto& [info, traffic] : m_registry.list()) {
        verbs::Connection one;
        one.id = static_cast<std::int64_t>(info.id);
        one.user = info.user;
        one.cell = info.cell;
        one.session = info.session;
        one.since = toRfc3339(info.since);
        one.kind = info.kind;
        one.bytesIn = static_cast<std::int64_t>(traffic.in);
        one.bytesOut = static_cast<std::int64_t>(traffic.out);
        all.connections.push_back(std::move(one));
    }
    return verbs::toJson(all);
}

json::object RelayService::stats() const {
    verbs::Stats stats;
    stats.requests = static_cast<std::int64_t>(counts().requests);
    stats.errors = static_cast<std::int64_t>(counts().errors);
    stats.denied = static_cast<std::int64_t>(counts().denied);
    stats.cut = static_cast<std::int64_t>(counts().cut);
    stats.open = static_cast<std::int64_t>(m_registry.size());
    stats.refused = static_cast<std::int64_t>(m_listener->refused());
    return verbs::toJson(stats);
}

} // namespace clawloops::relay
