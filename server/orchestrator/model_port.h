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
    virtual void readUsage(std::int64_t after, int limit, PortDone<gateway_verbs::UsageReply> done) = 0;
    virtual void ackUsage(std::int64_t through, PortDone<void> done) = 0;
    virtual void cut(const std::string& cellId, PortDone<void> done) = 0; // ends the cell's model requests
    // Any other verb of models.md, "Other verbs"; wire/gateway_queries.h reads what it answers.
    virtual void ask(std::string_view verb, const json::object& args, PortDone<json::object> done) = 0;

Q_SIGNALS:
    void connected();
    void disconnected();
    void usageAppended(qint64 last);
    void told(const QString& event, const clawloops::json::object& data); // every other event: queue, target, brake, refusal
};

} // namespace clawloops::orchestrator
