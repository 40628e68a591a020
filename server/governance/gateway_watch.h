// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "governance/service_parts.h"
#include "wire/gateway_queries.h"

#include <QTimer>

#include <string>
#include <vector>

namespace clawloops::governance {

// How things stand at the gateway at this moment: who waits, how the targets do, who was refused and why. Nothing of it is kept
// here; while the gateway is away every question ends with Unavailable. One thread; callbacks as in store::Database.
class GatewayWatch : public QObject {
    Q_OBJECT
public:
    using Queue = std::vector<gateway_verbs::QueueEntry>;
    explicit GatewayWatch(ServiceParts parts, QObject* parent = nullptr);

    void queue(QObject* guard, Done<Queue> done);
    // Answer the queue as it is then. What the gateway says of a ticket that is gone is passed on.
    void move(const std::string& ticket, const store::Actor& actor, QObject* guard, Done<Queue> done); // to the front
    void drop(const std::string& ticket, const store::Actor& actor, QObject* guard, Done<Queue> done);
    void targets(QObject* guard, Done<std::vector<gateway_verbs::TargetState>> done);
    // Newest first; `userId` empty: everybody's.
    void refusals(const std::string& userId, int limit, QObject* guard, Done<std::vector<gateway_verbs::Refusal>> done);
    void stats(QObject* guard, Done<json::object> done); // internals.md, "gateway"

Q_SIGNALS:
    void queueChanged(); // twice a second at most
    void targetChanged(const clawloops::gateway_verbs::TargetState& state);
    void refused(const clawloops::gateway_verbs::Refusal& refusal);

private:
    void told(const QString& event, const json::object& data);
    void order(const char* verb, const std::string& ticket, const store::Actor& actor, QObject* guard, Done<Queue> done);

    ServiceParts m_parts;
    QTimer m_queue; // runs while a change of the queue waits to be told
};

} // namespace clawloops::governance
