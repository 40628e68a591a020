// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "governance/gateway_people.h"

#include <map>

namespace clawloops::governance {

Status readPeople(store::Transaction& tx, gateway_verbs::Configuration& into) {
    auto members = tx.query("SELECT user_id, group_id FROM group_members ORDER BY user_id, group_id");
    if (!members)
        return members.error();
    std::map<std::string, std::vector<std::string>> groups;
    for (const store::Row& row : *members)
        groups[row.text(0)].push_back(row.text(1));

    // What they spend on a day that they spend anything on, over 8 hours: an average over nights and weekends would be too little to
    // say what is far over the usual.
    auto people = tx.query("SELECT u.id, u.username, u.role, u.frozen, coalesce(usual.nanos, 0) FROM users u LEFT JOIN"
                           " (SELECT key, (sum(cost_nanos) / count(*) / 8)::bigint AS nanos FROM usage_sums WHERE dimension = 'user' AND cost_nanos > 0"
                           " AND day >= current_date - 28 AND day < current_date GROUP BY key) AS usual ON usual.key = u.id"
                           " WHERE u.status = 'active' ORDER BY u.id");
    if (!people)
        return people.error();
    for (const store::Row& row : *people) {
        gateway_verbs::Person person;
        person.user = row.text(0);
        person.name = row.text(1);
        person.role = row.text(2);
        person.frozen = row.text(3);
        person.usualNanosPerHour = row.integer(4);
        if (const auto found = groups.find(person.user); found != groups.end())
            person.groups = std::move(found->second);
        into.people.push_back(std::move(person));
    }

    auto all = tx.query("SELECT value->>'sentence' FROM settings WHERE key = 'frozen_all'");
    if (!all)
        return all.error();
    into.frozenAll = all->empty() ? std::string() : all->front().text(0);
    return {};
}

} // namespace clawloops::governance
