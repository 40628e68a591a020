// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "store/connection.h"
#include "wire/gateway_verbs.h"

namespace clawloops::governance {

// The part of the gateway's configuration that says who there is: active people with their groups, who is frozen, and whether all
// are. A disabled person is left out, so nothing of theirs is let in. An orchestrator::ConfigurationPart.
[[nodiscard]] Status readPeople(store::Transaction& tx, gateway_verbs::Configuration& into);

} // namespace clawloops::governance
