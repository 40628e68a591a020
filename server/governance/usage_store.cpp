// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "governance/usage_store.h"

#include <algorithm>
#include <set>

namespace clawloops::governance {

namespace {

// One statement, so that a batch costs one round trip: the events that are new, and what they add.
constexpr std::string_view storing = R"(
WITH given AS (
    SELECT * FROM json_to_recordset($1::json) AS e (
        "requestId" text, seq bigint, "cellId" text, "userId" text, route text, target text, model text, "promptTokens" bigint,
        "completionTokens" bigint, estimated boolean, "startedAt" timestamptz, "firstByteMs" bigint, "durationMs" bigint, status integer,
        outcome text, "upstreamId" text, "bytesOut" bigint, "keyId" text, endpoint text, "traceId" text, "cachedTokens" bigint,
        "reasoningTokens" bigint, "costNanos" bigint, priced boolean, "reservedTokens" bigint, "reservedNanos" bigint, "queuedMs" bigint)
), stored AS (
    INSERT INTO usage_events (request_id, seq, cell_id, user_id, route, target, model, prompt_tokens, completion_tokens, estimated,
                              started_at, first_byte_ms, duration_ms, status, outcome, upstream_id, bytes_out, key_id, endpoint, trace_id,
                              cached_tokens, reasoning_tokens, cost_nanos, priced, reserved_tokens, reserved_nanos, queued_ms)
    SELECT "requestId", seq, "cellId", "userId", route, target, model, "promptTokens", "completionTokens", estimated, "startedAt",
           nullif("firstByteMs", -1), "durationMs", status, outcome, "upstreamId", "bytesOut", "keyId", endpoint, "traceId", "cachedTokens",
           "reasoningTokens", "costNanos", priced, "reservedTokens", "reservedNanos", "queuedMs"
    FROM given
    ON CONFLICT (request_id, started_at) DO NOTHING
    RETURNING *
), parts AS (
    SELECT (started_at AT TIME ZONE 'UTC')::date AS day, user_id, route, target, key_id, count(*) AS requests,
           count(*) FILTER (WHERE outcome NOT IN ('ok', 'client_gone', 'cut')) AS failed, count(*) FILTER (WHERE estimated) AS estimated,
           sum(least(prompt_tokens, 1000000000))::bigint AS prompt_tokens, sum(least(cached_tokens, 1000000000))::bigint AS cached_tokens,
           sum(least(completion_tokens, 1000000000))::bigint AS completion_tokens,
           sum(least(reasoning_tokens, 1000000000))::bigint AS reasoning_tokens,
           sum(least(cost_nanos, 10000000000000))::bigint AS cost_nanos
    FROM stored GROUP BY 1, 2, 3, 4, 5
), used AS (
    UPDATE personal_keys AS k SET last_used_at = greatest(k.last_used_at, latest.at)
    FROM (SELECT key_id, max(started_at) AS at FROM stored WHERE key_id <> '' GROUP BY key_id) AS latest WHERE k.id = latest.key_id
), days AS (
    INSERT INTO usage_days AS d SELECT * FROM parts
    ON CONFLICT (day, user_id, route, target, key_id) DO UPDATE SET
        requests = d.requests + excluded.requests, failed = d.failed + excluded.failed, estimated = d.estimated + excluded.estimated,
        prompt_tokens = d.prompt_tokens + excluded.prompt_tokens, cached_tokens = d.cached_tokens + excluded.cached_tokens,
        completion_tokens = d.completion_tokens + excluded.completion_tokens,
        reasoning_tokens = d.reasoning_tokens + excluded.reasoning_tokens, cost_nanos = d.cost_nanos + excluded.cost_nanos
)
INSERT INTO usage_sums AS s
    SELECT dimension, key, day, sum(requests), sum(failed), sum(estimated), sum(prompt_tokens), sum(cached_tokens), sum(completion_tokens),
           sum(reasoning_tokens), sum(cost_nanos)
    FROM parts, LATERAL (VALUES ('all', ''), ('user', user_id), ('route', route), ('target', route || ' ' || target), ('key', key_id))
        AS line (dimension, key)
    GROUP BY 1, 2, 3
    ON CONFLICT (dimension, day, key) DO UPDATE SET
        requests = s.requests + excluded.requests, failed = s.failed + excluded.failed, estimated = s.estimated + excluded.estimated,
        prompt_tokens = s.prompt_tokens + excluded.prompt_tokens, cached_tokens = s.cached_tokens + excluded.cached_tokens,
        completion_tokens = s.completion_tokens + excluded.completion_tokens,
        reasoning_tokens = s.reasoning_tokens + excluded.reasoning_tokens, cost_nanos = s.cost_nanos + excluded.cost_nanos)";

} // namespace

Status storeUsage(store::Transaction& tx, const std::string& spool, const std::vector<gateway_verbs::UsageEvent>& events) {
    if (events.empty())
        return {};
    json::array list;
    std::set<std::string> months; // "2026-11": as RFC 3339 begins
    std::int64_t last = 0;
    for (const gateway_verbs::UsageEvent& event : events) {
        list.push_back(gateway_verbs::toJson(event));
        months.insert(event.startedAt.substr(0, 7));
        last = std::max(last, event.seq);
    }
    for (const std::string& month : months)
        if (const Status made = tx.exec("SELECT usage_partition(($1 || '-01')::timestamptz)", {month}); !made)
            return made;
    if (const Status stored = tx.exec(storing, {json::serialize(list)}); !stored)
        return stored;
    return tx.exec("INSERT INTO usage_through AS t (spool, seq) VALUES ($1, $2)"
                   " ON CONFLICT (spool) DO UPDATE SET seq = greatest(t.seq, excluded.seq), moved_at = now()",
                   {spool, last});
}

Status readBaseline(store::Transaction& tx, gateway_verbs::Configuration& into) {
    auto rows = tx.query("SELECT spool, seq FROM usage_through ORDER BY moved_at DESC LIMIT 1");
    if (!rows)
        return rows.error();
    if (!rows->empty())
        into.baseline = {rows->front().text(0), rows->front().integer(1)};
    return {};
}

Status turnMonths(store::Transaction& tx, WallTime now, std::int64_t keepMonths) {
    const Status made = tx.exec("SELECT usage_partition($1::timestamptz), usage_partition($1::timestamptz + interval '1 month')", {now});
    if (!made)
        return made;
    // A partition's name says its month; what is not named so is not ours to drop.
    auto old = tx.query("SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid"
                        " WHERE i.inhparent = 'usage_events'::regclass AND c.relname ~ '^usage_events_[0-9]{6}$' AND right(c.relname, 6) <"
                        " to_char(date_trunc('month', $1::timestamptz) - make_interval(months => $2::integer), 'YYYYMM')",
                        {now, keepMonths});
    if (!old)
        return old.error();
    for (const store::Row& row : *old)
        if (const Status dropped = tx.exec("DROP TABLE " + row.text(0)); !dropped)
            return dropped;
    return {};
}

} // namespace clawloops::governance
