// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "orchestrator/runtime_port.h"

namespace clawloops {
class ControlClient;
}

namespace clawloops::orchestrator {

// RuntimePort over clawloops-runtimed's control socket (resources/docs/internals.md). Time limits: 30 s for prepare, 120 s for
// start, 330 s for stop and remove (OpenClaw drains work in flight for up to 315 s), 20 s for the rest.
class RuntimedPort final : public RuntimePort {
    Q_OBJECT
public:
    explicit RuntimedPort(ControlClient& client, QObject* parent = nullptr); // main() opens the client

    [[nodiscard]] bool isConnected() const override;
    void prepare(const std::string& cellId, std::int64_t slot, PortDone<void> done) override;
    void start(const runtime::StartArgs& args, PortDone<runtime::Started> done) override;
    void stop(const std::string& cellId, PortDone<void> done) override;
    void remove(const std::string& cellId, bool wipe, PortDone<void> done) override;
    void list(PortDone<std::vector<runtime::Cell>> done) override;
    void probe(const std::string& cellId, PortDone<runtime::Probe> done) override;
    void logs(const std::string& cellId, int lines, PortDone<std::vector<std::string>> done) override;

private:
    ControlClient& m_client;
};

} // namespace clawloops::orchestrator
