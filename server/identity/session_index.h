// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/clock.h"
#include "base/secret.h"
#include "identity/types.h"
#include "store/database.h"
#include "store/listener.h"

#include <QObject>
#include <QPointer>
#include <QStringList>
#include <QTimer>

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace clawloops::identity {

struct SessionLimits {
    std::chrono::seconds idle{12 * 3600}; // portal and workspace: counted together, by login
    std::chrono::seconds absolute{7 * 24 * 3600};
    std::chrono::seconds bearerIdle{7 * 24 * 3600};
    std::chrono::seconds bearerAbsolute{30 * 24 * 3600};
};

struct Session {
    std::string hash; // lower-case hex SHA-256 of the token
    std::string loginId; // the portal and workspace session of one sign-in share it
    SessionKind kind = SessionKind::Portal;
    std::string userId;
    WallTime createdAt;
    WallTime lastSeenAt; // of the login
    WallTime expiresAt; // absolute
};

// Whose a workspace path is, from our own data.
struct Owner {
    std::string userId;
    std::string username;
    std::string cellId; // empty: has no runtime yet
};

// Every live session and every user, in memory, so that the session check asks no database. Read at start, kept right by
// IdentityService directly and by NOTIFY for what others change. While the notifying connection is away nothing can be learnt,
// so after 30 s without it every lookup fails closed until everything was read again.
//
// | state                                   | find(), owner()            |
// | not yet loaded                          | closed                     |
// | connection there, loaded                | from memory                |
// | connection lost less than 30 s ago      | from memory                |
// | lost longer, or back but not read again | closed                     |
//
// One thread, that of its Database.
class SessionIndex : public QObject {
    Q_OBJECT
public:
    static constexpr std::chrono::seconds trustWithoutConnection{30};

    SessionIndex(store::Database& database, store::Listener& listener, const Clock& clock, SessionLimits limits,
                 QObject* parent = nullptr);

    // Reads everything; `done` says whether. The listener must be started by then or soon after.
    void load(QObject* guard, std::function<void(Status)> done);

    enum class Verdict { Live, Unknown, Closed }; // Closed: cannot say (answer 503), never "yes"
    struct Found {
        Verdict verdict = Verdict::Unknown;
        Session session; // when Live
        User user; // when Live; may be disabled: the caller decides by path
    };
    // By the token of a cookie or an Authorization header. A session past its idle or absolute limit is Unknown. A hit counts
    // as activity. A kind that does not match is Unknown: a workspace cookie opens no API.
    [[nodiscard]] Found find(const Secret& token, SessionKind kind);
    // The same by hash and without counting as activity: is a connection of this session still allowed? Unknown for users
    // who are disabled.
    [[nodiscard]] Verdict liveness(std::string_view hash) const;

    [[nodiscard]] std::optional<Owner> owner(std::string_view username) const; // none also while closed
    [[nodiscard]] std::optional<User> user(std::string_view userId) const;
    [[nodiscard]] bool isOpen() const; // false: fails closed right now

    // For IdentityService, after its transaction committed.
    void put(const Session& session);
    void put(const User& user);
    // The user as a sign-in's transaction saw it. By now it may have been disabled, and all who say so may have been heard: the
    // status that is known here stays, and the truth is read again.
    void putSignedIn(const User& user);
    void endSessions(const std::set<std::string>& hashes);
    // After the user was disabled: the sessions stay (auth/me says why), but the connections must be cut.
    void cutConnectionsOf(const std::string& userId);
    [[nodiscard]] std::set<std::string> hashesOfLogin(std::string_view loginId) const;
    [[nodiscard]] std::set<std::string> hashesOfUser(std::string_view userId, std::string_view exceptLoginId = {}) const;

Q_SIGNALS:
    // These sessions (hashes, of any kind) are over, or their user is disabled: whoever carries connections of them must cut
    // them now, and event streams too.
    void sessionsEnded(const QStringList& hashes, const QString& userId);
    void opened(); // loaded, answering from memory
    void closed(); // failing closed

private:
    struct Everything {
        std::vector<Session> sessions;
        std::vector<User> users;
        std::vector<Owner> owners;
    };
    void readAll();
    void adopt(Everything everything);
    void reconnected();
    void look(); // tells opened() and closed()
    void notified(const QString& payload);
    void readSession(const std::string& hash);
    void readUser(const std::string& userId);
    void putOwner(const Owner& owner);
    void removeUser(const std::string& userId);
    // A row read for a key counts only while nothing newer is known of that key.
    std::uint64_t newest(const std::string& key) { return m_newest[key] = ++m_sequence; }
    [[nodiscard]] bool isNewest(const std::string& key, std::uint64_t sequence);
    void changedHere(const std::string& kind, const std::string& key);
    [[nodiscard]] bool expired(const Session& session) const;
    void flushActivity();

    store::Database& m_database;
    const Clock& m_clock;
    SessionLimits m_limits;
    std::unordered_map<std::string, Session> m_sessions; // by hash
    std::map<std::string, WallTime, std::less<>> m_lastSeen; // by login id
    std::set<std::string> m_dirtyLogins;
    std::map<std::string, User, std::less<>> m_users; // by id
    std::map<std::string, Owner, std::less<>> m_owners; // by username
    bool m_loaded = false;
    bool m_listening = false;
    bool m_reading = false; // readAll() is under way
    bool m_readAgain = false;
    bool m_readSinceListening = false; // the read under way began after listening()
    std::set<std::string> m_changedMeanwhile;
    std::uint64_t m_sequence = 0;
    std::unordered_map<std::string, std::uint64_t> m_newest;
    std::optional<SteadyTime> m_lostAt;
    bool m_wasOpen = false;
    QPointer<QObject> m_loadGuard;
    std::function<void(Status)> m_loadDone;
    QTimer m_flush;
    QTimer m_watch;
    QTimer m_retry;
};

} // namespace clawloops::identity
