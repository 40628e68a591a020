// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "governance/service_parts.h"
#include "wire/gateway_queries.h"
#include "wire/model_types.h"

#include <string>
#include <vector>

namespace clawloops::governance {

// Whom no model answers, and why: frozen by an admin (kept in PostgreSQL, outlives every restart), or held or slowed down by the
// gateway's brake (in its memory). Frozen is not disabled: portal and workspace stay open. Each change is answered once the gateway
// has it, with everything as it is then. One thread; callbacks as in store::Database.
class Holds : public QObject {
    Q_OBJECT
public:
    explicit Holds(ServiceParts parts, QObject* parent = nullptr);

    void list(QObject* guard, Done<wire::Holds> done); // while the gateway is away: without those of the brake
    // UserNotFound; InvalidRequest: no sentence, or one of more than 300 bytes.
    void freeze(const std::string& userId, const std::string& sentence, const store::Actor& actor, QObject* guard, Done<wire::Holds> done);
    void release(const std::string& userId, const store::Actor& actor, QObject* guard, Done<wire::Holds> done); // freeze, hold, slowing
    void freezeAll(const std::string& sentence, const store::Actor& actor, QObject* guard, Done<wire::Holds> done);
    // Ends the freeze of all. Who is frozen or held by themselves stays so: somebody decided that about them alone.
    void releaseAll(const store::Actor& actor, QObject* guard, Done<wire::Holds> done);

private:
    using Job = std::function<Status(store::Transaction&)>;
    void apply(Job job, const std::string& releases, QObject* guard, Done<wire::Holds> done);

    ServiceParts m_parts;
};

} // namespace clawloops::governance
