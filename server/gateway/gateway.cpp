// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/gateway.h"

#include "base/log.h"

#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <set>

namespace clawloops::gateway {
namespace {

namespace asio = stream::asio;
constexpr Log log("gateway");
constexpr std::size_t connectionsPerCell = 256;

} // namespace

Result<std::unique_ptr<Gateway>> Gateway::start(asio::io_context& io, const Clock& clock, GatewayConfig config) {
    auto spool = UsageSpool::open(config.data / "spool");
    if (!spool)
        return spool.error();
    std::unique_ptr<Gateway> gateway(new Gateway(io, clock, std::move(config), std::move(*spool)));
    if (const Status status = gateway->recall(); !status)
        return status.error();
    if (const Status status = gateway->listen(); !status)
        return status.error();
    return gateway;
}

Gateway::Gateway(asio::io_context& io, const Clock& clock, GatewayConfig config, std::unique_ptr<UsageSpool> spool)
    : m_io(io), m_config(std::move(config)), m_spool(std::move(spool)),
      m_state{.clock = clock,
              .spool = *m_spool,
              .registry = m_registry,
              .upstreams = Upstreams(io, m_config.limits.upstream),
              .liteLlmKey = m_config.liteLlmKey,
              .governor = Governor(clock, m_spool->id()),
              .refusals = RefusalBook(clock),
              .targets = TargetBook(clock),
              .limits = m_config.limits,
              .table = std::make_shared<const model::RouteTable>()},
      m_service(m_state) {
    m_state.governor.onBrake([this](const model::BrakeReport& report) { onBrake(report); });
    m_state.targets.onTarget([this](const gateway_verbs::TargetState& state) {
        if (m_control)
            m_control->push("target", gateway_verbs::toJson(state));
    });
    m_state.targets.onQueue([this](const std::string& target, std::int64_t waiting) {
        if (m_control)
            m_control->push("queue", json::object{{"target", target}, {"waiting", waiting}});
    });
    m_state.refusals.onNoted([this](const json::object& refusal) {
        if (m_control)
            m_control->push("refusal", refusal);
    });
    m_state.onBooked = [this](std::int64_t last) {
        if (m_control)
            m_control->push("usage", json::object{{"last", last}});
    };
}

Gateway::~Gateway() = default;

// What is in the spool and not in the database yet counts for the budgets.
Status Gateway::recall() {
    constexpr std::int64_t some = 1000;
    std::int64_t after = m_spool->acked();
    while (true) {
        const auto events = m_spool->read(after, some);
        if (!events)
            return events.error();
        if (events->empty())
            return {};
        for (const gateway_verbs::UsageEvent& event : *events)
            m_state.governor.remember(event);
        after = events->back().seq;
    }
}

Status Gateway::listen() {
    auto keys = stream::Listener::tls(m_io, m_config.listenAddress, m_config.listenPort, m_config.tls, {},
                                      [this](stream::Exchange& exchange) { return m_service.serveKeys(exchange); });
    if (!keys)
        return keys.error();
    m_keys = std::move(*keys);
    auto control = stream::ControlServer::listen(m_io, m_config.run / "gateway" / "control.sock", 0660, {m_config.controlUid},
                                                 [this](control::Request request) { return onVerb(std::move(request)); });
    if (!control)
        return control.error();
    m_control = std::move(*control);
    return {};
}

stream::Task<Result<json::object>> Gateway::onVerb(control::Request request) {
    if (request.verb == "configure")
        co_return configure(request.args);
    if (request.verb == "usage.read")
        co_return readUsage(request.args);
    if (request.verb == "usage.ack")
        co_return ackUsage(request.args);
    if (request.verb == "cut")
        co_return cut(request.args);
    if (request.verb == "refusals")
        co_return refusals(request.args);
    if (request.verb == "queue.move" || request.verb == "queue.drop")
        co_return changeQueue(request.verb == "queue.drop", request.args);
    if (request.verb == "brake.hold" || request.verb == "brake.release")
        co_return changeBrake(request.verb == "brake.hold", request.args);
    ObjectReader none(request.args);
    if (const Status status = none.finish(); !status)
        co_return status.error();
    if (request.verb == "budgets")
        co_return json::object{{"budgets", m_state.governor.budgets()}};
    if (request.verb == "targets")
        co_return gateway_verbs::targetsReply(m_state.targets.states(*m_state.table));
    if (request.verb == "queue.list")
        co_return gateway_verbs::queueReply(m_state.targets.queue());
    if (request.verb == "brake.list")
        co_return gateway_verbs::brakeReply(brakes());
    if (request.verb == "stats")
        co_return stats();
    co_return Error{ErrorCode::InvalidRequest, "The gateway knows no verb \"" + request.verb + "\".", {}};
}

std::filesystem::path Gateway::socketOf(const std::string& cellId) const {
    return m_config.data / "cells" / cellId / "out" / "model.sock";
}

Result<json::object> Gateway::configure(const json::object& args) {
    const auto configuration = gateway_verbs::configurationFromJson(args);
    if (!configuration)
        return configuration.error();
    auto table = model::RouteTable::build(*configuration, {(m_config.run / "model" / "litellm.sock").string(), (m_config.run / "model" / "starter.sock").string()});
    if (!table)
        return table.error();
    if (const auto governed = m_state.governor.configure(*configuration); !governed)
        return governed.error();
    cutStopped(**table);
    for (auto it = m_cells.begin(); it != m_cells.end();) {
        if ((*table)->cell(it->first)) {
            ++it;
            continue;
        }
        stream::ConnectionRegistry::Selector gone;
        gone.cell = it->first;
        m_registry.cut(gone); // booked as cut, before its listener closes the connections
        m_state.tooFast.erase(it->first);
        it = m_cells.erase(it);
    }
    m_state.table = std::move(*table);
    m_state.upstreams.forgetAllBut(*m_state.table);
    m_state.targets.forgetAllBut(*m_state.table);
    gateway_verbs::ConfigureReply reply;
    openCells(reply);
    reply.refused = m_state.table->refused();
    for (const std::string& sentence : reply.refused)
        log.error("a target is left out", {}, {{"revision", configuration->revision}, {"reason", sentence}});
    log.info("configured", {}, {{"revision", configuration->revision}, {"routes", configuration->routes.size()},
                                {"cells", reply.opened.size()}, {"missing", reply.missing.size()}});
    return toJson(reply);
}

// Whoever is frozen, disabled or without their key from now on loses what is under way.
void Gateway::cutStopped(const model::RouteTable& table) {
    std::set<std::string> people;
    std::set<std::string> keys;
    for (const auto& [info, traffic] : m_registry.list()) {
        if (!table.stopOf(info.user).empty())
            people.insert(info.user);
        else if (!info.session.empty() && !table.hasKey(info.session))
            keys.insert(info.session);
    }
    stream::ConnectionRegistry::Selector selector;
    for (const std::string& user : people) {
        selector.user = user;
        m_registry.cut(selector);
    }
    selector.user.reset();
    for (const std::string& key : keys) {
        selector.session = key;
        m_registry.cut(selector);
    }
}

void Gateway::openCells(gateway_verbs::ConfigureReply& reply) {
    stream::ServerLimits limits;
    limits.connections = connectionsPerCell;
    for (const auto& [cellId, cell] : m_state.table->cells()) {
        const std::filesystem::path path = socketOf(cellId);
        std::error_code problem;
        const auto kept = m_cells.find(cellId);
        if (kept != m_cells.end() && std::filesystem::is_socket(path, problem)) {
            reply.opened.push_back(cellId);
            continue;
        }
        if (kept != m_cells.end())
            m_cells.erase(kept); // its directory was made anew
        auto listener = stream::Listener::local(m_io, path, 0660, limits, [this, id = cellId](stream::Exchange& exchange) {
            return m_service.serveCell(exchange, id);
        });
        if (listener) {
            m_cells.emplace(cellId, std::move(*listener));
            reply.opened.push_back(cellId);
        } else {
            log.debug(listener.error().message, {}, {{"cell", cellId}});
            reply.missing.push_back(cellId);
        }
    }
}

Result<json::object> Gateway::readUsage(const json::object& args) {
    const auto read = gateway_verbs::usageReadFromJson(args);
    if (!read)
        return read.error();
    const auto events = m_spool->read(read->after, read->limit);
    if (!events)
        return events.error();
    return gateway_verbs::usageReply(*events, m_spool->id());
}

namespace {
gateway_verbs::BrakeState brakeState(const model::BrakeReport& report) {
    model::RefusalReason reason;
    reason.numbers = report.numbers;
    const bool released = report.state == model::BrakeState::Normal;
    return {report.user, std::string(model::nameOf(report.state)), std::string(report.rule), report.sentence, reason.numbersJson(),
            released ? std::string() : toRfc3339(report.since)};
}
}

std::vector<gateway_verbs::BrakeState> Gateway::brakes() const {
    std::vector<gateway_verbs::BrakeState> people;
    for (const model::BrakeReport& report : m_state.governor.brakes())
        people.push_back(brakeState(report));
    return people;
}

// Held also ends what is under way; a turn later, so that the request at which it came about still gets its answer.
void Gateway::onBrake(const model::BrakeReport& report) {
    log.warning("the runaway brake", {}, {{"user", report.user}, {"state", model::nameOf(report.state)}, {"rule", report.rule}, {"reason", report.sentence}});
    if (m_control)
        m_control->push("brake", gateway_verbs::toJson(brakeState(report)));
    if (report.state != model::BrakeState::Held)
        return;
    boost::asio::post(m_io.get_executor(), [this, user = report.user] {
        stream::ConnectionRegistry::Selector selector;
        selector.user = user;
        m_registry.cut(selector);
    });
}

Result<json::object> Gateway::changeBrake(bool hold, const json::object& args) {
    ObjectReader reader(args);
    const std::string user = reader.text("user");
    const std::string sentence = hold ? reader.text("sentence") : std::string();
    if (const Status status = reader.finish(); !status)
        return status.error();
    if (hold)
        m_state.governor.hold(user, sentence);
    else if (!m_state.governor.release(user))
        return Error{ErrorCode::NotFound, "The brake does not hold " + user + ".", {}};
    return json::object();
}

Result<json::object> Gateway::changeQueue(bool drop, const json::object& args) {
    ObjectReader reader(args);
    const std::string ticket = reader.text("ticket");
    if (const Status status = reader.finish(); !status)
        return status.error();
    if (!(drop ? m_state.targets.drop(ticket) : m_state.targets.moveToFront(ticket)))
        return Error{ErrorCode::NotFound, "Nobody waits with this ticket any more.", {}};
    return json::object();
}

Result<json::object> Gateway::refusals(const json::object& args) {
    ObjectReader reader(args);
    const std::string user = reader.textOr("user", "");
    const std::int64_t limit = reader.integerOr("limit", 100);
    if (limit < 1 || limit > static_cast<std::int64_t>(RefusalBook::kept))
        reader.fail("\"limit\" must be from 1 to 1000.");
    if (const Status status = reader.finish(); !status)
        return status.error();
    return json::object{{"refusals", m_state.refusals.recent(user, static_cast<std::size_t>(limit))}};
}

Result<json::object> Gateway::ackUsage(const json::object& args) {
    ObjectReader reader(args);
    const std::int64_t through = reader.integer("through");
    if (const Status status = reader.finish(); !status)
        return status.error();
    if (const Status status = m_spool->ack(through); !status)
        return status.error();
    return json::object();
}

Result<json::object> Gateway::cut(const json::object& args) {
    ObjectReader reader(args);
    stream::ConnectionRegistry::Selector selector;
    if (reader.has("user"))
        selector.user = reader.text("user");
    if (reader.has("cell"))
        selector.cell = reader.text("cell");
    if (!selector.user && !selector.cell)
        reader.fail("Name a \"user\" or a \"cell\" to cut.");
    if (const Status status = reader.finish(); !status)
        return status.error();
    return json::object{{"closed", m_registry.cut(selector)}};
}

json::object Gateway::stats() const {
    const ServiceStats& stats = m_state.stats;
    return {{"requests", stats.requests},   {"refused", stats.refused},     {"answered", stats.answered},
            {"failed", stats.failed},       {"fallbacks", stats.fallbacks}, {"open", m_registry.size()},
            {"heldBytes", m_state.bodies.held()}, {"revision", m_state.table->revision()}, {"cells", m_cells.size()},
            {"usageLast", m_spool->last()}, {"usageAcked", m_spool->acked()}};
}

void Gateway::stop(std::function<void()> stopped) {
    m_keys->close();
    std::set<std::string> people;
    for (const auto& [info, traffic] : m_registry.list())
        people.insert(info.user);
    for (const std::string& user : people) {
        stream::ConnectionRegistry::Selector selector;
        selector.user = user;
        m_registry.cut(selector);
    }
    for (const auto& [cellId, listener] : m_cells)
        listener->close();
    stream::spawn(m_io, waitForEnd(std::move(stopped)));
}

stream::Task<void> Gateway::waitForEnd(std::function<void()> stopped) {
    using Timer = asio::basic_waitable_timer<std::chrono::steady_clock, asio::wait_traits<std::chrono::steady_clock>, stream::Executor>;
    Timer timer(m_io.get_executor());
    for (int i = 0; i < 150 && m_registry.size() > 0; ++i) {
        timer.expires_after(std::chrono::milliseconds(20));
        co_await timer.async_wait(stream::awaitable);
    }
    m_control->close();
    stopped();
}

} // namespace clawloops::gateway
