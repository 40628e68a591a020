// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/clock.h"
#include "orchestrator/runtime_port.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace clawloops::orchestrator {

struct GatewayTarget {
    std::string name;
    std::string kind; // openai | litellm
    std::string url; // unix:/… or http(s)://…, resolved
    std::string model;
    std::int64_t weight = 1;
};
struct GatewayRoute {
    std::string name;
    std::string title;
    bool enabled = true;
    std::vector<GatewayTarget> targets;
};
struct GatewayCell {
    std::string cellId;
    std::string userId;
    std::string tokenHash; // lower-case hex SHA-256 of the cell token
    std::vector<std::string> routes; // names it may use
};
struct GatewayConfiguration { // everything, each time
    std::int64_t revision = 0;
    std::vector<GatewayRoute> routes;
    std::vector<GatewayCell> cells;
};
struct GatewayApplied {
    std::vector<std::string> opened;
    std::vector<std::string> missing; // cells whose directory is not there yet
};

struct UsageEvent {
    std::int64_t seq = 0;
    std::string requestId;
    std::string cellId;
    std::string userId;
    std::string route;
    std::string target;
    std::string model;
    std::int64_t promptTokens = 0;
    std::int64_t completionTokens = 0;
    WallTime startedAt;
    std::optional<std::int64_t> firstByteMs;
    std::int64_t durationMs = 0;
    std::int64_t status = 0; // HTTP
    std::string outcome; // ok | …
    std::string upstreamId;
    std::int64_t bytesOut = 0;
};

// The model gateway, as the orchestrator needs it. Same rules as RuntimePort.
class ModelPort : public QObject {
    Q_OBJECT
public:
    using QObject::QObject;
    [[nodiscard]] virtual bool isConnected() const = 0;
    virtual void configure(const GatewayConfiguration& configuration, PortDone<GatewayApplied> done) = 0;
    virtual void readUsage(std::int64_t after, int limit, PortDone<std::vector<UsageEvent>> done) = 0;
    virtual void ackUsage(std::int64_t through, PortDone<void> done) = 0;
    virtual void cut(const std::string& cellId, PortDone<void> done) = 0; // ends the cell's model requests

Q_SIGNALS:
    void connected();
    void disconnected();
    void usageAppended(qint64 last);
};

} // namespace clawloops::orchestrator
