// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "governance/service_parts.h"
#include "wire/gateway_verbs.h"

#include <vector>

namespace clawloops::governance {

// Limits by the minute, and what the runaway brake looks for: kept in PostgreSQL, enforced by the gateway, which is told of each change
// before it is answered. One thread; callbacks as in store::Database.
class Limits : public QObject {
    Q_OBJECT
public:
    using List = std::vector<gateway_verbs::Limit>;
    explicit Limits(ServiceParts parts, QObject* parent = nullptr) : QObject(parent), m_parts(parts) {}

    void list(QObject* guard, Done<List> done); // by scope and subject
    // All of them at once. InvalidRequest: an unknown scope, a subject whom there is not, one twice, a number below 0 or beyond 10^12.
    void replace(const List& limits, const store::Actor& actor, QObject* guard, Done<List> done);
    void brake(QObject* guard, Done<gateway_verbs::Brake> done);
    void setBrake(const gateway_verbs::Brake& brake, const store::Actor& actor, QObject* guard, Done<gateway_verbs::Brake> done); // InvalidRequest

private:
    ServiceParts m_parts;
};

} // namespace clawloops::governance
