// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "governance/service_parts.h"
#include "wire/budget_types.h"
#include "wire/gateway_queries.h"

#include <QTimer>

#include <optional>
#include <string>
#include <vector>

namespace clawloops::governance {

// A budget as it is asked for; what is not given stays, or is a mistake where there is nothing yet.
struct BudgetWish {
    std::optional<std::string> name;
    std::optional<std::string> scope;
    std::optional<std::string> subject;
    std::optional<std::string> unit;
    std::optional<std::string> window;
    std::optional<std::int64_t> limit;
};

// Budgets: kept in PostgreSQL, enforced by the gateway, which is told of each change before it is answered. What is spent and reserved
// is what the gateway says; while it is away, what was stored. One thread; callbacks as in store::Database.
class Budgets : public QObject {
    Q_OBJECT
public:
    explicit Budgets(ServiceParts parts, QObject* parent = nullptr);

    void list(QObject* guard, Done<std::vector<wire::Budget>> done); // in the order they were made
    // InvalidRequest, by name: an unknown word, a subject whom there is not, a limit beyond 1,000,000 $ or 10^15 tokens.
    void create(const BudgetWish& wish, const store::Actor& actor, QObject* guard, Done<wire::Budget> done);
    void edit(const std::string& budgetId, const BudgetWish& wish, const store::Actor& actor, QObject* guard, Done<wire::Budget> done); // NotFound
    void remove(const std::string& budgetId, const store::Actor& actor, QObject* guard, Done<wire::Budget> done); // NotFound
    // For the rest of this day (UTC); twice in a day adds up.
    void raise(const std::string& budgetId, std::int64_t by, const store::Actor& actor, QObject* guard, Done<wire::Budget> done); // NotFound

    // What is left to one person, and why nothing is.
    void quota(const std::string& userId, QObject* guard, Done<wire::Quota> done);

private:
    using Job = std::function<Result<std::string>(store::Transaction&)>; // the budget's id
    void apply(Job job, QObject* guard, Done<wire::Budget> done);
    void withStates(std::function<void(std::vector<gateway_verbs::BudgetState>)> then); // none while the gateway is away

    ServiceParts m_parts;
    QTimer m_spent; // runs while a change of usage waits to be told to the event stream
};

} // namespace clawloops::governance
