// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "governance/gateway_people.h"
#include "governance/groups.h"
#include "governance/holds.h"

namespace clawloops::governance {

// Who may use how much of which model: a service for each resource, and their parts of what the gateway is told. Made before
// ModelRoutes::start().
struct Governance {
    explicit Governance(const ServiceParts& parts) : groups(parts), holds(parts) { parts.routes.add(readPeople); }

    Groups groups;
    Holds holds;
};

} // namespace clawloops::governance
