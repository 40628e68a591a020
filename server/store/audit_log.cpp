// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/audit_log.h"

#include "base/digest.h"

namespace clawloops::store {

namespace {

constexpr std::string_view columns = "seq, at, actor_id, actor_name, address, rid, action, subject, detail::text, hash";

// Lengths first, so that no two different rows have the same text.
std::string link(std::string_view before, const AuditEntry& entry, std::string_view detail) {
    std::string text;
    const auto add = [&text](std::string_view part) {
        text += std::to_string(part.size());
        text += ':';
        text += part;
    };
    add(before);
    add(std::to_string(entry.seq));
    add(toRfc3339(entry.at));
    add(entry.actor.userId);
    add(entry.actor.username);
    add(entry.actor.address);
    add(entry.actor.rid);
    add(entry.action);
    add(entry.subject);
    add(detail);
    return toHex(sha256(text));
}

AuditEntry entryOf(const Row& row) {
    AuditEntry entry;
    entry.seq = row.integer(0);
    entry.at = row.time(1);
    entry.actor = {row.text(2), row.text(3), row.text(4), row.text(5)};
    entry.action = row.text(6);
    entry.subject = row.text(7);
    if (auto detail = parseObject(row.text(8)))
        entry.detail = std::move(*detail);
    return entry;
}

} // namespace

Actor systemActor() { return {{}, "system", {}, {}}; }

Status appendAudit(Transaction& tx, const Actor& actor, std::string_view action, std::string_view subject, json::object detail) {
    // Released at the end of the transaction: the next one then sees this row as the last.
    if (Status locked = tx.exec("SELECT pg_advisory_xact_lock(4993118013)"); !locked)
        return locked;
    auto last = tx.query("SELECT seq, hash FROM audit_log ORDER BY seq DESC LIMIT 1");
    if (!last)
        return last.error();
    AuditEntry entry;
    entry.seq = last->empty() ? 1 : last->front().integer(0) + 1;
    entry.at = std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
    entry.actor = actor;
    entry.action = action;
    entry.subject = subject;
    const std::string text = json::serialize(detail);
    const std::string hash = link(last->empty() ? "" : last->front().text(1), entry, text);
    return tx.exec("INSERT INTO audit_log (seq, at, actor_id, actor_name, address, rid, action, subject, detail, hash)"
                   " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
                   {entry.seq, entry.at, actor.userId, actor.username, actor.address, actor.rid, action, subject, text, hash});
}

Result<std::vector<AuditEntry>> readAudit(Transaction& tx, std::int64_t before, int limit) {
    auto rows = tx.query("SELECT " + std::string(columns) + " FROM audit_log WHERE $1::bigint = 0 OR seq < $1 ORDER BY seq DESC LIMIT $2",
                         {before, limit});
    if (!rows)
        return rows.error();
    std::vector<AuditEntry> entries;
    for (const Row& row : *rows)
        entries.push_back(entryOf(row));
    return entries;
}

Result<std::optional<std::int64_t>> verifyAudit(Transaction& tx) {
    std::string before;
    std::int64_t seq = 0;
    while (true) {
        auto rows = tx.query("SELECT " + std::string(columns) + " FROM audit_log WHERE seq > $1 ORDER BY seq LIMIT 1000", {seq});
        if (!rows)
            return rows.error();
        if (rows->empty())
            return std::optional<std::int64_t>();
        for (const Row& row : *rows) {
            const AuditEntry entry = entryOf(row);
            if (entry.seq != seq + 1 || row.text(9) != link(before, entry, row.text(8)))
                return std::optional(entry.seq);
            before = row.text(9);
            seq = entry.seq;
        }
    }
}

} // namespace clawloops::store
