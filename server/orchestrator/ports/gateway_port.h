// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "orchestrator/model_port.h"

namespace clawloops {
class ControlClient;
}

namespace clawloops::orchestrator {

// ModelPort over clawloops-gateway's control socket (resources/docs/internals.md). Time limit: 10 s a call.
class GatewayPort final : public ModelPort {
    Q_OBJECT
public:
    explicit GatewayPort(ControlClient& client, QObject* parent = nullptr); // main() opens the client

    [[nodiscard]] bool isConnected() const override;
    void configure(const gateway_verbs::Configuration& configuration, PortDone<gateway_verbs::ConfigureReply> done) override;
    void readUsage(std::int64_t after, int limit, PortDone<gateway_verbs::UsageReply> done) override;
    void ackUsage(std::int64_t through, PortDone<void> done) override;
    void cut(const std::string& cellId, PortDone<void> done) override;
    void ask(std::string_view verb, const json::object& args, PortDone<json::object> done) override;

private:
    ControlClient& m_client;
};

} // namespace clawloops::orchestrator
