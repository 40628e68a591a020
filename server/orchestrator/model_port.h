// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "orchestrator/runtime_port.h"
#include "wire/gateway_verbs.h"

#include <cstdint>
#include <string>
#include <vector>

namespace clawloops::orchestrator {

// The model gateway, as the orchestrator needs it. Same rules as RuntimePort.
class ModelPort : public QObject {
    Q_OBJECT
public:
    using QObject::QObject;
    [[nodiscard]] virtual bool isConnected() const = 0;
    virtual void configure(const gateway_verbs::Configuration& configuration, PortDone<gateway_verbs::ConfigureReply> done) = 0;
    virtual void readUsage(std::int64_t after, int limit, PortDone<std::vector<gateway_verbs::UsageEvent>> done) = 0;
    virtual void ackUsage(std::int64_t through, PortDone<void> done) = 0;
    virtual void cut(const std::string& cellId, PortDone<void> done) = 0; // ends the cell's model requests

Q_SIGNALS:
    void connected();
    void disconnected();
    void usageAppended(qint64 last);
};

} // namespace clawloops::orchestrator
