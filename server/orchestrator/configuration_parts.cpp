// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "orchestrator/configuration_parts.h"

namespace clawloops::orchestrator {

Result<gateway_verbs::Configuration> ConfigurationParts::read(store::Transaction& tx) const {
    if (const Status set = tx.exec("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"); !set)
        return set.error();
    gateway_verbs::Configuration configuration;
    for (const ConfigurationPart& part : m_parts)
        if (const Status done = part(tx, configuration); !done)
            return done.error();
    return configuration;
}

Status readCells(store::Transaction& tx, gateway_verbs::Configuration& into) {
    auto rows = tx.query("SELECT r.cell_id, r.user_id, r.token_hash FROM runtimes r JOIN users u ON u.id = r.user_id"
                         " WHERE r.token_hash IS NOT NULL AND u.status = 'active' ORDER BY r.cell_id");
    if (!rows)
        return rows.error();
    for (const store::Row& row : *rows)
        into.cells.push_back({row.text(0), row.text(1), row.text(2), {}});
    return {};
}

} // namespace clawloops::orchestrator
