// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "identity/session_index.h"

#include "base/log.h"
#include "identity/records.h"

#include <algorithm>

namespace clawloops::identity {

namespace {
constexpr Log logger("identity");
constexpr std::chrono::seconds flushEvery{60};
constexpr std::chrono::milliseconds retryAfter{500};

constexpr std::string_view ownerQuery = "SELECT u.id, u.username, coalesce(r.cell_id, '') FROM users u LEFT JOIN runtimes r ON r.user_id = u.id";

Owner storedOwner(const store::Row& row) { return {row.text(0), row.text(1), row.text(2)}; }
} // namespace

SessionIndex::SessionIndex(store::Database& database, store::Listener& listener, const Clock& clock, SessionLimits limits, QObject* parent)
    : QObject(parent), m_database(database), m_clock(clock), m_limits(limits) {
    connect(&listener, &store::Listener::notified, this, &SessionIndex::notified);
    connect(&listener, &store::Listener::listening, this, &SessionIndex::reconnected);
    connect(&listener, &store::Listener::lost, this, [this] {
        m_readSinceListening = false;
        if (m_listening || !m_lostAt)
            m_lostAt = m_clock.steadyNow();
        m_listening = false;
    });
    connect(&m_flush, &QTimer::timeout, this, &SessionIndex::flushActivity);
    connect(&m_watch, &QTimer::timeout, this, &SessionIndex::look);
    connect(&m_retry, &QTimer::timeout, this, &SessionIndex::readAll);
    m_retry.setSingleShot(true);
}

void SessionIndex::load(QObject* guard, std::function<void(Status)> done) {
    m_loadGuard = guard ? guard : this;
    m_loadDone = std::move(done);
    m_lostAt = m_clock.steadyNow();
    m_flush.start(flushEvery);
    m_watch.start(std::chrono::seconds(1));
    readAll();
}

void SessionIndex::reconnected() {
    // Only a read that begins now sees all that was changed before the notifications set in.
    if (m_reading)
        m_readAgain = true;
    m_readSinceListening = true;
    if (!m_reading)
        readAll();
}

void SessionIndex::readAll() {
    if (m_reading) {
        m_readAgain = true;
        return;
    }
    m_reading = true;
    m_readAgain = false;
    m_changedMeanwhile.clear();
    m_database.run(
        [](store::Transaction& tx) -> Result<Everything> {
            Everything everything;
            auto users = tx.query("SELECT " + std::string(userColumns) + " FROM users");
            if (!users)
                return users.error();
            for (const store::Row& row : *users)
                everything.users.push_back(storedUser(row).user);
            auto owners = tx.query(ownerQuery);
            if (!owners)
                return owners.error();
            for (const store::Row& row : *owners)
                everything.owners.push_back(storedOwner(row));
            auto sessions = tx.query("SELECT " + std::string(sessionColumns) + " FROM sessions");
            if (!sessions)
                return sessions.error();
            for (const store::Row& row : *sessions)
                everything.sessions.push_back(storedSession(row));
            return everything;
        },
        this, [this](Result<Everything> everything) {
            m_reading = false;
            if (everything) {
                adopt(std::move(*everything));
            } else {
                logger.warning("could not read the sessions", {}, {{"reason", everything.error().detail}});
                m_retry.start(retryAfter);
            }
            if (m_loadDone) {
                const auto done = std::exchange(m_loadDone, nullptr);
                if (m_loadGuard)
                    done(everything ? Status() : Status(everything.error()));
            }
        });
}

void SessionIndex::adopt(Everything everything) {
    // What was changed while this was read it may or may not show: those rows are left as they are, and read again.
    const auto meanwhile = std::exchange(m_changedMeanwhile, {});
    std::set<std::string> stillThere;
    std::set<std::string> gone;
    for (const Session& session : everything.sessions)
        stillThere.insert(session.hash);
    for (const auto& [hash, session] : m_sessions)
        if (!stillThere.contains(hash) && !meanwhile.contains("session:" + hash))
            gone.insert(hash);
    for (const User& user : everything.users)
        if (!meanwhile.contains("user:" + user.id))
            put(user);
    for (const Owner& owner : everything.owners)
        if (!meanwhile.contains("user:" + owner.userId))
            putOwner(owner);
    for (const Session& session : everything.sessions)
        if (!meanwhile.contains("session:" + session.hash))
            put(session);
    endSessions(gone);
    m_loaded = true;
    for (const std::string& payload : meanwhile)
        notified(QString::fromStdString(payload));
    if (m_readAgain) {
        readAll();
    } else if (m_readSinceListening) {
        m_listening = true;
        m_lostAt.reset();
    }
    look();
}

bool SessionIndex::isOpen() const {
    return m_loaded && (m_listening || (m_lostAt && m_clock.steadyNow() - *m_lostAt < trustWithoutConnection));
}

void SessionIndex::look() {
    const bool open = isOpen();
    if (open == m_wasOpen)
        return;
    m_wasOpen = open;
    if (open) {
        logger.info("the session check answers");
        Q_EMIT opened();
    } else {
        logger.error("the session check fails closed: the database's notifications are away");
        Q_EMIT closed();
    }
}

void SessionIndex::notified(const QString& payload) {
    const std::string text = payload.toStdString();
    if (m_reading)
        m_changedMeanwhile.insert(text);
    if (text.starts_with("session:"))
        readSession(text.substr(8));
    else if (text.starts_with("user:"))
        readUser(text.substr(5));
}

void SessionIndex::readSession(const std::string& hash) {
    const std::uint64_t sequence = newest(hash);
    m_database.run(
        [hash](store::Transaction& tx) -> Result<std::optional<Session>> {
            auto rows = tx.query("SELECT " + std::string(sessionColumns) + " FROM sessions WHERE hash = $1", {hash});
            if (!rows)
                return rows.error();
            return rows->empty() ? std::optional<Session>() : std::optional(storedSession(rows->front()));
        },
        this, [this, hash, sequence](Result<std::optional<Session>> session) {
            if (!isNewest(hash, sequence))
                return;
            if (!session)
                readAll(); // cannot know: everything is read until it works
            else if (*session)
                put(**session);
            else
                endSessions({hash});
        });
}

void SessionIndex::readUser(const std::string& userId) {
    const std::uint64_t sequence = newest(userId);
    using Pair = std::optional<std::pair<User, Owner>>;
    m_database.run(
        [userId](store::Transaction& tx) -> Result<Pair> {
            auto user = findUser(tx, "id = $1", userId);
            if (!user)
                return user.error();
            auto rows = tx.query(std::string(ownerQuery) + " WHERE u.id = $1", {userId});
            if (!rows)
                return rows.error();
            return *user && !rows->empty() ? Pair(std::pair((*user)->user, storedOwner(rows->front()))) : Pair();
        },
        this, [this, userId, sequence](Result<Pair> found) {
            if (!isNewest(userId, sequence))
                return;
            if (!found) {
                readAll();
            } else if (*found) {
                put((*found)->first);
                putOwner((*found)->second);
            } else {
                removeUser(userId);
            }
        });
}

bool SessionIndex::isNewest(const std::string& key, std::uint64_t sequence) {
    const auto found = m_newest.find(key);
    if (found == m_newest.end() || found->second != sequence)
        return false;
    m_newest.erase(found);
    return true;
}

// A read under way may be older than a change that was just told: it no longer counts, and a new one begins.
void SessionIndex::changedHere(const std::string& kind, const std::string& key) {
    if (m_reading)
        m_changedMeanwhile.insert(kind + key);
    if (m_newest.contains(key))
        notified(QString::fromStdString(kind + key));
}

bool SessionIndex::expired(const Session& session) const {
    const auto seen = m_lastSeen.find(session.loginId);
    const WallTime last = seen == m_lastSeen.end() ? session.lastSeenAt : seen->second;
    const auto idle = session.kind == SessionKind::Bearer ? m_limits.bearerIdle : m_limits.idle;
    return m_clock.now() >= session.expiresAt || m_clock.now() - last >= idle;
}

SessionIndex::Found SessionIndex::find(const Secret& token, SessionKind kind) {
    Found found;
    if (!isOpen()) {
        found.verdict = Verdict::Closed;
        return found;
    }
    const auto session = m_sessions.find(tokenHash(token));
    if (session == m_sessions.end() || session->second.kind != kind || expired(session->second))
        return found;
    const auto user = m_users.find(session->second.userId);
    if (user == m_users.end())
        return found;
    m_lastSeen[session->second.loginId] = m_clock.now();
    m_dirtyLogins.insert(session->second.loginId);
    found.verdict = Verdict::Live;
    found.session = session->second;
    found.user = user->second;
    return found;
}

SessionIndex::Verdict SessionIndex::liveness(std::string_view hash) const {
    if (!isOpen())
        return Verdict::Closed;
    const auto session = m_sessions.find(std::string(hash));
    if (session == m_sessions.end() || expired(session->second))
        return Verdict::Unknown;
    const auto user = m_users.find(session->second.userId);
    return user != m_users.end() && !user->second.isDisabled() ? Verdict::Live : Verdict::Unknown;
}

std::optional<Owner> SessionIndex::owner(std::string_view username) const {
    const auto found = m_owners.find(username);
    return isOpen() && found != m_owners.end() ? std::optional(found->second) : std::nullopt;
}

std::optional<User> SessionIndex::user(std::string_view userId) const {
    const auto found = m_users.find(userId);
    return isOpen() && found != m_users.end() ? std::optional(found->second) : std::nullopt;
}

void SessionIndex::put(const Session& session) {
    changedHere("session:", session.hash);
    m_sessions[session.hash] = session;
    auto& seen = m_lastSeen[session.loginId];
    seen = std::max(seen, session.lastSeenAt);
}

void SessionIndex::put(const User& user) {
    changedHere("user:", user.id);
    const auto before = m_users.find(user.id);
    const bool nowDisabled = user.isDisabled() && before != m_users.end() && !before->second.isDisabled();
    m_users[user.id] = user;
    auto& owner = m_owners[user.username];
    owner.userId = user.id;
    owner.username = user.username;
    if (nowDisabled)
        cutConnectionsOf(user.id);
}

void SessionIndex::putSignedIn(const User& user) {
    User seen = user;
    if (const auto known = m_users.find(user.id); known != m_users.end())
        seen.status = known->second.status;
    put(seen);
    notified(QString::fromStdString("user:" + user.id));
}

void SessionIndex::putOwner(const Owner& owner) { m_owners[owner.username] = owner; }

void SessionIndex::removeUser(const std::string& userId) {
    endSessions(hashesOfUser(userId));
    m_users.erase(userId);
    std::erase_if(m_owners, [&userId](const auto& entry) { return entry.second.userId == userId; });
}

void SessionIndex::endSessions(const std::set<std::string>& hashes) {
    std::map<std::string, QStringList> endedByUser;
    for (const std::string& hash : hashes) {
        changedHere("session:", hash);
        const auto session = m_sessions.find(hash);
        if (session == m_sessions.end())
            continue;
        endedByUser[session->second.userId] << QString::fromStdString(hash);
        const std::string loginId = session->second.loginId;
        m_sessions.erase(session);
        if (hashesOfLogin(loginId).empty()) {
            m_lastSeen.erase(loginId);
            m_dirtyLogins.erase(loginId);
        }
    }
    for (const auto& [userId, ended] : endedByUser)
        Q_EMIT sessionsEnded(ended, QString::fromStdString(userId));
}

void SessionIndex::cutConnectionsOf(const std::string& userId) {
    QStringList hashes;
    for (const std::string& hash : hashesOfUser(userId))
        hashes << QString::fromStdString(hash);
    if (!hashes.isEmpty())
        Q_EMIT sessionsEnded(hashes, QString::fromStdString(userId));
}

std::set<std::string> SessionIndex::hashesOfLogin(std::string_view loginId) const {
    std::set<std::string> hashes;
    for (const auto& [hash, session] : m_sessions)
        if (session.loginId == loginId)
            hashes.insert(hash);
    return hashes;
}

std::set<std::string> SessionIndex::hashesOfUser(std::string_view userId, std::string_view exceptLoginId) const {
    std::set<std::string> hashes;
    for (const auto& [hash, session] : m_sessions)
        if (session.userId == userId && (exceptLoginId.empty() || session.loginId != exceptLoginId))
            hashes.insert(hash);
    return hashes;
}

void SessionIndex::flushActivity() {
    std::vector<std::pair<std::string, WallTime>> seen;
    for (const std::string& loginId : m_dirtyLogins)
        if (const auto found = m_lastSeen.find(loginId); found != m_lastSeen.end())
            seen.emplace_back(loginId, found->second);
    m_dirtyLogins.clear();
    m_database.run(
        [seen, now = m_clock.now(), limits = m_limits](store::Transaction& tx) -> Status {
            for (const auto& [loginId, at] : seen)
                if (Status done = tx.exec("UPDATE sessions SET last_seen_at = greatest(last_seen_at, $2) WHERE login_id = $1", {loginId, at}); !done)
                    return done;
            return tx.exec("DELETE FROM sessions WHERE expires_at <= $1 OR last_seen_at <= CASE kind WHEN 'bearer' THEN $3::timestamptz ELSE $2::timestamptz END",
                           {now, now - limits.idle, now - limits.bearerIdle});
        },
        this, [this, seen](Status status) {
            if (!status)
                for (const auto& [loginId, at] : seen)
                    m_dirtyLogins.insert(loginId);
        });
}

} // namespace clawloops::identity
