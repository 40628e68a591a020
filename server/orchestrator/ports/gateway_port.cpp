// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "orchestrator/ports/gateway_port.h"

#include "link/control_client.h"

namespace clawloops::orchestrator {

GatewayPort::GatewayPort(ControlClient& client, QObject* parent) : ModelPort(parent), m_client(client) {
    connect(&client, &ControlClient::connected, this, &ModelPort::connected);
    connect(&client, &ControlClient::disconnected, this, &ModelPort::disconnected);
    connect(&client, &ControlClient::event, this, [this](const QString& name, const json::object& data) {
        if (name != QLatin1StringView("usage"))
            return Q_EMIT told(name, data);
        const json::value* last = data.if_contains("last");
        Q_EMIT usageAppended(last && last->is_int64() ? last->get_int64() : 0);
    });
}

bool GatewayPort::isConnected() const { return m_client.isConnected(); }

void GatewayPort::configure(const gateway_verbs::Configuration& configuration, PortDone<gateway_verbs::ConfigureReply> done) {
    m_client.call("configure", gateway_verbs::toJson(configuration), this, [done = std::move(done)](Result<json::object> answer) {
        done(answer ? gateway_verbs::configureReplyFromJson(*answer) : Result<gateway_verbs::ConfigureReply>(answer.error()));
    });
}

void GatewayPort::readUsage(std::int64_t after, int limit, PortDone<gateway_verbs::UsageReply> done) {
    m_client.call("usage.read", {{"after", after}, {"limit", limit}}, this, [done = std::move(done)](Result<json::object> answer) {
        done(answer ? gateway_verbs::usageReplyFromJson(*answer) : Result<gateway_verbs::UsageReply>(answer.error()));
    });
}

void GatewayPort::ackUsage(std::int64_t through, PortDone<void> done) {
    m_client.call("usage.ack", {{"through", through}}, this,
                  [done = std::move(done)](Result<json::object> answer) { done(answer ? Status() : Status(answer.error())); });
}

void GatewayPort::cut(const std::string& cellId, PortDone<void> done) {
    m_client.call("cut", {{"cell", cellId}}, this,
                  [done = std::move(done)](Result<json::object> answer) { done(answer ? Status() : Status(answer.error())); });
}

void GatewayPort::ask(std::string_view verb, const json::object& args, PortDone<json::object> done) {
    m_client.call(std::string(verb), args, this, std::move(done));
}

} // namespace clawloops::orchestrator
