// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "store/connection.h"
#include "wire/gateway_verbs.h"

#include <functional>
#include <vector>

namespace clawloops::orchestrator {

// One reader of what the gateway is told (resources/docs/models.md, "configure"): it fills its own members from its own tables. It
// runs on a store thread: it holds nothing of an object's, and changes nothing.
using ConfigurationPart = std::function<Status(store::Transaction&, gateway_verbs::Configuration&)>;

// Puts a configuration together, the parts in the order they were added. All of it is one moment (REPEATABLE READ): budgets' `spent`
// and the baseline that says which usage it holds belong together.
class ConfigurationParts {
public:
    void add(ConfigurationPart part) { m_parts.push_back(std::move(part)); }
    // Must be the first statement of its transaction.
    [[nodiscard]] Result<gateway_verbs::Configuration> read(store::Transaction& tx) const;

private:
    std::vector<ConfigurationPart> m_parts;
};

// The cells of active people: a disabled person's requests end with it.
[[nodiscard]] Status readCells(store::Transaction& tx, gateway_verbs::Configuration& into);

} // namespace clawloops::orchestrator
