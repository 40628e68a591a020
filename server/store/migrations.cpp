// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/migrations.h"

#include "base/digest.h"
#include "base/files.h"
#include "base/log.h"

#include <algorithm>
#include <map>
#include <regex>

namespace clawloops::store {

namespace {
constexpr Log logger("store");

// Held while migrating; any constant of our own does.
constexpr std::string_view lockKey = "4993118012";

Error mismatch(std::string message) { return {ErrorCode::InvalidRequest, std::move(message), "migrations"}; }

Status compare(const Rows& applied, const std::vector<Migration>& migrations) {
    for (const Row& row : applied) {
        const auto number = static_cast<std::size_t>(row.integer(0));
        if (number > migrations.size())
            return mismatch("The database was made by a newer version of ClawLoops (its migration " + row.text(1) +
                            " is not known here): start that version again, or restore a backup of this one.");
        const Migration& ours = migrations[number - 1];
        if (ours.name != row.text(1))
            return mismatch("The migration " + row.text(1) + " that the database was made with is missing from this version, which has " +
                            ours.name + " in its place: install ClawLoops again.");
        if (ours.checksum != row.text(2))
            return mismatch("The migration file " + ours.name +
                            ".sql was changed after it had been applied: put the original back by installing ClawLoops again.");
    }
    // Numbers are the primary key, so a gap shows as a largest number beyond the count.
    if (!applied.empty() && applied.back().integer(0) != static_cast<std::int64_t>(applied.size()))
        return mismatch("The database's list of applied migrations has a gap: restore a backup.");
    return {};
}

Status applyOne(Connection& connection, const Migration& migration) {
    Status step = connection.script("BEGIN");
    if (step)
        step = connection.script("SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = '30s';" + migration.sql);
    if (step) {
        auto row = connection.query("INSERT INTO schema_migrations (number, name, checksum) VALUES ($1, $2, $3)",
                                    {migration.number, migration.name, migration.checksum});
        step = row ? connection.script("COMMIT") : Status(row.error());
    }
    if (step) {
        logger.info("applied a migration", {}, {{"name", migration.name}});
        return {};
    }
    (void)connection.script("ROLLBACK");
    return Error{ErrorCode::Internal,
                 "The migration " + migration.name + " failed and was rolled back; the database is as it was. The log has the reason.",
                 step.error().detail};
}

Status applyLocked(Connection& connection, const std::vector<Migration>& migrations) {
    Status table = connection.script("CREATE TABLE IF NOT EXISTS schema_migrations (number integer PRIMARY KEY, name text NOT NULL,"
                                     " checksum text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())");
    if (!table)
        return table;
    auto applied = connection.query("SELECT number, name, checksum FROM schema_migrations ORDER BY number");
    if (!applied)
        return applied.error();
    if (Status fits = compare(*applied, migrations); !fits)
        return fits;
    for (std::size_t i = applied->size(); i < migrations.size(); ++i)
        if (Status done = applyOne(connection, migrations[i]); !done)
            return done;
    return {};
}

} // namespace

Result<std::vector<Migration>> readMigrations(const std::filesystem::path& folder) {
    static const std::regex form("([0-9]{4})_[a-z0-9_]+\\.sql");
    std::map<int, Migration> found;
    std::error_code problem;
    for (const auto& entry : std::filesystem::directory_iterator(folder, problem)) {
        const std::string file = entry.path().filename().string();
        std::smatch match;
        if (!std::regex_match(file, match, form))
            continue;
        auto text = readFile(entry.path());
        if (!text)
            return text.error();
        const int number = std::stoi(match[1]);
        Migration migration{number, entry.path().stem().string(), std::move(*text), {}};
        migration.checksum = toHex(sha256(migration.sql));
        if (!found.emplace(number, std::move(migration)).second)
            return mismatch("Two migration files carry the number " + match[1].str() + " in " + folder.string() + ": install ClawLoops again.");
    }
    if (problem || found.empty())
        return mismatch("There are no migration files in " + folder.string() + ": install ClawLoops again.");
    std::vector<Migration> migrations;
    for (auto& [number, migration] : found) {
        if (number != static_cast<int>(migrations.size()) + 1)
            return mismatch("The migration file number " + std::to_string(migrations.size() + 1) + " is missing from " + folder.string() +
                            ": install ClawLoops again.");
        migrations.push_back(std::move(migration));
    }
    return migrations;
}

Status applyMigrations(Connection& connection, const std::vector<Migration>& migrations) {
    if (Status connected = connection.ensure(); !connected)
        return connected;
    // Waits for another starting process as long as that takes.
    Status locked = connection.script("SET statement_timeout = 0; SELECT pg_advisory_lock(" + std::string(lockKey) + ")");
    if (!locked)
        return locked;
    const Status applied = applyLocked(connection, migrations);
    (void)connection.script("SELECT pg_advisory_unlock(" + std::string(lockKey) + "); RESET statement_timeout");
    return applied;
}

} // namespace clawloops::store
