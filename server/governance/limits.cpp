// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "governance/limits.h"

#include "governance/spending.h"

#include <algorithm>
#include <set>
#include <utility>

namespace clawloops::governance {

namespace {

constexpr std::int64_t largest = 1'000'000'000'000;

Error wrong(std::string message) { return {ErrorCode::InvalidRequest, std::move(message), {}}; }
bool isNumber(std::int64_t value) { return value >= 0 && value <= largest; }

Status check(store::Transaction& tx, const gateway_verbs::Limit& limit) {
    if (limit.scope != "key" && limit.scope != "person" && limit.scope != "route")
        return wrong("A limit's \"scope\" must be key, person or route.");
    if (!isNumber(limit.requestsPerMinute) || !isNumber(limit.tokensPerMinute) || !isNumber(limit.streams))
        return wrong("A limit's numbers are 0 (none) to 1,000,000,000,000.");
    if (limit.subject.empty())
        return {};
    auto rows = limit.scope == "person" ? tx.query("SELECT 1 FROM users WHERE id = $1", {limit.subject})
                : limit.scope == "key"  ? tx.query("SELECT 1 FROM personal_keys WHERE id = $1", {limit.subject})
                                        : tx.query("SELECT 1 FROM routes WHERE name = $1", {limit.subject});
    if (!rows)
        return rows.error();
    return rows->empty() ? Status(wrong("There is no " + limit.scope + " \"" + limit.subject + "\" to limit.")) : Status();
}

Status write(store::Transaction& tx, const Limits::List& limits) {
    if (const Status emptied = tx.exec("DELETE FROM limits"); !emptied)
        return emptied;
    std::set<std::pair<std::string, std::string>> seen;
    for (const gateway_verbs::Limit& limit : limits) {
        if (const Status fine = check(tx, limit); !fine)
            return fine;
        if (!seen.emplace(limit.scope, limit.subject).second)
            return wrong("There are two limits for the " + limit.scope + " \"" + limit.subject + "\". Leave one out.");
        const Status written = tx.exec("INSERT INTO limits (scope, subject, requests_per_minute, tokens_per_minute, streams) VALUES ($1, $2, $3, $4, $5)",
                                       {limit.scope, limit.subject, limit.requestsPerMinute, limit.tokensPerMinute, limit.streams});
        if (!written)
            return written;
    }
    return {};
}

} // namespace

void Limits::list(QObject* guard, Done<List> done) { m_parts.database.run(readLimitsOf, guard, std::move(done)); }

void Limits::replace(const List& limits, const store::Actor& actor, QObject* guard, Done<List> done) {
    change<List>(
        m_parts, this,
        [limits, actor](store::Transaction& tx) -> Result<List> {
            if (const Status written = write(tx, limits); !written)
                return written.error();
            json::array items;
            for (const gateway_verbs::Limit& limit : limits)
                items.push_back(gateway_verbs::toJson(limit));
            if (const Status logged = store::appendAudit(tx, actor, "limits.change", "limits", {{"items", std::move(items)}}); !logged)
                return logged.error();
            return readLimitsOf(tx);
        },
        guarded(guard, std::move(done)));
}

void Limits::brake(QObject* guard, Done<gateway_verbs::Brake> done) { m_parts.database.run(readBrakeSettings, guard, std::move(done)); }

void Limits::setBrake(const gateway_verbs::Brake& brake, const store::Actor& actor, QObject* guard, Done<gateway_verbs::Brake> done) {
    change<gateway_verbs::Brake>(
        m_parts, this,
        [brake, actor](store::Transaction& tx) -> Result<gateway_verbs::Brake> {
            const json::object settings = gateway_verbs::toJson(brake);
            const bool fine = std::all_of(settings.begin(), settings.end(), [](const auto& member) { return isNumber(member.value().as_int64()); });
            if (!fine)
                return wrong("The brake's numbers are 0 (off) to 1,000,000,000,000.");
            Status written = tx.exec("INSERT INTO settings (key, value) VALUES ('brake', $1::jsonb)"
                                     " ON CONFLICT (key) DO UPDATE SET value = excluded.value, updated_at = now()",
                                     {json::serialize(settings)});
            if (written)
                written = store::appendAudit(tx, actor, "brake.change", "brake", settings);
            if (!written)
                return written.error();
            return brake;
        },
        guarded(guard, std::move(done)));
}

} // namespace clawloops::governance
