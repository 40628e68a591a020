// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "governance/personal_keys.h"

#include "base/digest.h"
#include "base/random.h"

#include <QDateTime>

#include <algorithm>

namespace clawloops::governance {

namespace {

constexpr std::string_view columns = "k.id, k.name, k.prefix, k.user_id, u.username, k.created_at, k.expires_at, k.last_used_at, k.routes::text, k.batch"
                                     " FROM personal_keys k JOIN users u ON u.id = k.user_id ";
constexpr std::size_t mostRoutes = 100;
constexpr std::size_t shown = 8; // of the secret: "clk_" and 24 of its 256 bits

Error wrong(std::string message) { return {ErrorCode::InvalidRequest, std::move(message), {}}; }

std::optional<std::string> timeOf(const store::Row& row, std::size_t column) {
    const auto time = row.optionalTime(column);
    return time ? std::optional(toRfc3339(*time)) : std::nullopt;
}

std::vector<std::string> routesOf(const std::string& text) {
    std::vector<std::string> routes;
    if (const auto read = parseObject("{\"routes\":" + text + "}"); read && read->at("routes").is_array())
        for (const json::value& route : read->at("routes").get_array())
            if (route.is_string())
                routes.emplace_back(route.get_string());
    return routes;
}

wire::PersonalKey keyOf(const store::Row& row) {
    return {row.text(0),    row.text(1),    row.text(2),            row.text(3),  row.text(4), toRfc3339(row.time(5)),
            timeOf(row, 6), timeOf(row, 7), routesOf(row.text(8)), row.flag(9)};
}

// A moment to come, or none for "never".
Result<std::optional<WallTime>> expiryOf(const std::string& text, WallTime now) {
    if (text.empty())
        return std::optional<WallTime>();
    const QDateTime time = QDateTime::fromString(QString::fromStdString(text), Qt::ISODateWithMs);
    if (!time.isValid() || time.timeSpec() == Qt::LocalTime)
        return wrong("A key's end is written like 2026-11-26T12:00:00Z.");
    const WallTime at = fromUnixMillis(time.toMSecsSinceEpoch());
    if (at <= now)
        return wrong("The key would have ended before it began. Choose a later time.");
    return std::optional(at);
}

Status checkWish(store::Transaction& tx, const std::string& userId, const KeyWish& wish) {
    const bool printable = std::all_of(wish.name.begin(), wish.name.end(), [](unsigned char c) { return c >= 0x20 && c != 0x7f; });
    if (wish.name.empty() || wish.name.size() > 64 || !printable)
        return wrong("A key needs a name of 1 to 64 bytes on one line.");
    if (wish.routes.size() > mostRoutes)
        return wrong("A key names at most 100 models.");
    for (const std::string& route : wish.routes) {
        auto known = tx.query("SELECT 1 FROM routes WHERE name = $1", {route});
        if (!known)
            return known.error();
        if (known->empty())
            return wrong("There is no model \"" + route + "\".");
    }
    // The row of the person is locked, so that two who ask at once are counted one after the other.
    auto person = tx.query("SELECT 1 FROM users WHERE id = $1 FOR UPDATE", {userId});
    if (!person)
        return person.error();
    if (person->empty())
        return Error{ErrorCode::UserNotFound, "There is no such user.", {}};
    auto count = tx.query("SELECT count(*) FROM personal_keys WHERE user_id = $1", {userId});
    if (!count)
        return count.error();
    if (count->front().integer(0) >= PersonalKeys::mostOfOne)
        return Error{ErrorCode::QuotaExceeded, "You have " + std::to_string(PersonalKeys::mostOfOne) + " keys. Revoke one that you no longer use.", {}};
    return {};
}

} // namespace

void PersonalKeys::list(const std::string& ownerUserId, QObject* guard, Done<std::vector<wire::PersonalKey>> done) {
    m_parts.database.run(
        [ownerUserId](store::Transaction& tx) -> Result<std::vector<wire::PersonalKey>> {
            auto rows = tx.query("SELECT " + std::string(columns) + "WHERE $1 = '' OR k.user_id = $1 ORDER BY u.username, k.created_at, k.id", {ownerUserId});
            if (!rows)
                return rows.error();
            std::vector<wire::PersonalKey> keys;
            for (const store::Row& row : *rows)
                keys.push_back(keyOf(row));
            return keys;
        },
        guard, std::move(done));
}

void PersonalKeys::create(const std::string& userId, const KeyWish& wish, const store::Actor& actor, QObject* guard, Done<wire::NewPersonalKey> done) {
    change<wire::NewPersonalKey>(
        m_parts, this,
        [userId, wish, actor, now = m_parts.clock.now()](store::Transaction& tx) -> Result<wire::NewPersonalKey> {
            auto expiry = expiryOf(wish.expiresAt, now);
            if (!expiry)
                return expiry.error();
            const std::string id = randomId("key_");
            const std::string secret = "clk_" + std::string(randomToken().reveal());
            Status written = checkWish(tx, userId, wish);
            if (written)
                written = tx.exec("INSERT INTO personal_keys (id, user_id, name, prefix, token_hash, routes, batch, created_at, expires_at)"
                                  " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
                                  {id, userId, wish.name, secret.substr(0, shown), toHex(sha256(secret)), json::serialize(json::value_from(wish.routes)),
                                   wish.batch, now, *expiry});
            if (written)
                written = store::appendAudit(tx, actor, "key.create", id, {{"name", wish.name}, {"user", userId}});
            if (!written)
                return written.error();
            auto rows = tx.query("SELECT " + std::string(columns) + "WHERE k.id = $1", {id});
            if (!rows)
                return rows.error();
            return wire::NewPersonalKey{keyOf(rows->front()), secret};
        },
        guarded(guard, std::move(done)));
}

void PersonalKeys::revoke(const std::string& keyId, const std::string& ownerUserId, const store::Actor& actor, QObject* guard, Done<wire::PersonalKey> done) {
    change<wire::PersonalKey>(
        m_parts, this,
        [keyId, ownerUserId, actor](store::Transaction& tx) -> Result<wire::PersonalKey> {
            auto rows = tx.query("SELECT " + std::string(columns) + "WHERE k.id = $1 AND ($2 = '' OR k.user_id = $2) FOR UPDATE OF k", {keyId, ownerUserId});
            if (!rows)
                return rows.error();
            if (rows->empty())
                return Error{ErrorCode::NotFound, "There is no such key.", {}};
            const wire::PersonalKey key = keyOf(rows->front());
            Status written = tx.exec("DELETE FROM personal_keys WHERE id = $1", {keyId});
            if (written)
                written = tx.exec("DELETE FROM limits WHERE scope = 'key' AND subject = $1", {keyId});
            if (written)
                written = store::appendAudit(tx, actor, "key.revoke", keyId, {{"name", key.name}, {"user", key.userId}});
            if (!written)
                return written.error();
            return key;
        },
        guarded(guard, std::move(done)));
}

Status readKeys(store::Transaction& tx, gateway_verbs::Configuration& into) {
    auto rows = tx.query("SELECT k.id, k.user_id, k.token_hash, k.expires_at, k.routes::text, k.batch FROM personal_keys k JOIN users u ON u.id = k.user_id"
                         " WHERE u.status = 'active' AND (k.expires_at IS NULL OR k.expires_at > now()) ORDER BY k.id");
    if (!rows)
        return rows.error();
    for (const store::Row& row : *rows)
        into.keys.push_back({row.text(0), row.text(1), row.text(2), timeOf(row, 3).value_or(""), routesOf(row.text(4)), row.flag(5)});
    return {};
}

} // namespace clawloops::governance
