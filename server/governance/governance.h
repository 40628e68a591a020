// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "governance/budgets.h"
#include "governance/gateway_people.h"
#include "governance/gateway_watch.h"
#include "governance/groups.h"
#include "governance/holds.h"
#include "governance/limits.h"
#include "governance/personal_keys.h"
#include "governance/spending.h"
#include "governance/usage_keeper.h"
#include "governance/usage_store.h"

namespace clawloops::governance {

// Who may use how much of which model: a service for each resource, and their parts of what the gateway is told. Made before
// ModelRoutes::start().
struct Governance {
    explicit Governance(const ServiceParts& parts) : groups(parts), holds(parts), budgets(parts), limits(parts), keys(parts), usage(parts), watch(parts) {
        parts.routes.add(readPeople);
        parts.routes.add(readBaseline);
        parts.routes.add(readBudgets);
        parts.routes.add(readKeys);
    }
    void start() { usage.start(); } // once the database is open

    Groups groups;
    Holds holds;
    Budgets budgets;
    Limits limits;
    PersonalKeys keys;
    UsageKeeper usage;
    GatewayWatch watch;
};

} // namespace clawloops::governance
