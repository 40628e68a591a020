// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "governance/governance.h"
#include "integration/orchestrator/doubles.h"
#include "support/open_database.h"

#include <memory>

namespace clawloops::test {

inline constexpr int patience = 60'000;

// The services of governance/ on a fresh database of a real PostgreSQL, beside a gateway that does as it is told and remembers it.
// anna is an admin, ben and cleo are not; cleo is disabled.
struct GovernanceFixture {
    explicit GovernanceFixture(ThrowawayPostgres& postgres, const Clock& clock = systemClock())
        : database(openFresh(postgres))
        , routes(*database, gateway, hub, clock, orchestrator::ModelRoutes::ComponentUrls{{"starter", "unix:/run/starter.sock"}, {"litellm", "unix:/run/litellm.sock"}})
        , governance({*database, gateway, routes, hub, clock}) {
        postgres.sql(QStringLiteral("INSERT INTO users (id, username, role, status, password_hash) VALUES ('usr_a', 'anna', 'admin', 'active', 'x'),"
                                    " ('usr_b', 'ben', 'user', 'active', 'x'), ('usr_c', 'cleo', 'user', 'disabled', 'x')"));
        gateway.answers["brake.list"] = {{"people", json::array()}};
        gateway.answers["budgets"] = {{"budgets", json::array()}};
        gateway.answers["queue.list"] = {{"entries", json::array()}};
        gateway.answers["refusals"] = {{"refusals", json::array()}};
        gateway.answers["targets"] = {{"targets", json::array()}};
        routes.start();
        configured = QTest::qWaitFor([this] { return gateway.configured >= 1; }, patience);
    }
    static const Clock& systemClock() {
        static const SystemClock clock;
        return clock;
    }
    [[nodiscard]] const gateway_verbs::Person* told(const std::string& user) const {
        for (const gateway_verbs::Person& person : gateway.last.people)
            if (person.user == user)
                return &person;
        return nullptr;
    }

    std::unique_ptr<store::Database> database;
    ObedientGateway gateway;
    orchestrator::EventHub hub;
    orchestrator::ModelRoutes routes;
    governance::Governance governance;
    bool configured = false;
};

} // namespace clawloops::test
