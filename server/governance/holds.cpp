// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "governance/holds.h"

#include "base/log.h"

namespace clawloops::governance {

namespace {

constexpr Log logger("governance");
constexpr std::size_t longestSentence = 300;
constexpr std::string_view allKey = "frozen_all";

Status checkSentence(const std::string& sentence) {
    if (sentence.empty() || sentence.size() > longestSentence)
        return Error{ErrorCode::InvalidRequest, "Say in 1 to 300 bytes why: whoever is refused reads it.", {}};
    return {};
}

Result<std::string> usernameOf(store::Transaction& tx, const std::string& userId) {
    auto rows = tx.query("SELECT username FROM users WHERE id = $1 FOR UPDATE", {userId});
    if (!rows)
        return rows.error();
    if (rows->empty())
        return Error{ErrorCode::UserNotFound, "There is no such user.", {}};
    return rows->front().text(0);
}

Result<wire::Holds> load(store::Transaction& tx, const std::vector<gateway_verbs::BrakeState>& braked) {
    wire::Holds holds;
    auto frozen = tx.query("SELECT id, username, frozen, frozen_at FROM users WHERE frozen <> '' ORDER BY username");
    if (!frozen)
        return frozen.error();
    for (const store::Row& row : *frozen)
        holds.items.push_back({row.text(0), row.text(1), "frozen", "frozen", row.text(2), {}, toRfc3339(row.time(3))});
    for (const gateway_verbs::BrakeState& state : braked) {
        auto name = tx.query("SELECT username FROM users WHERE id = $1", {state.user});
        if (!name)
            return name.error();
        holds.items.push_back({state.user, name->empty() ? state.user : name->front().text(0), state.state, state.rule, state.sentence,
                               state.numbers, state.since});
    }
    auto all = tx.query("SELECT value->>'sentence' FROM settings WHERE key = $1", {allKey});
    if (!all)
        return all.error();
    holds.all = all->empty() ? std::string() : all->front().text(0);
    return holds;
}

} // namespace

Holds::Holds(ServiceParts parts, QObject* parent) : QObject(parent), m_parts(parts) {
    connect(&m_parts.gateway, &orchestrator::ModelPort::told, this, [this](const QString& event) {
        if (event == QLatin1StringView("brake"))
            m_parts.hub.publish({orchestrator::Change::Kind::Hold, {}, {}, false});
    });
}

void Holds::list(QObject* guard, Done<wire::Holds> done) {
    m_parts.gateway.ask("brake.list", {}, [this, alive = QPointer<Holds>(this), guard = QPointer<QObject>(guard), done](const Result<json::object>& reply) {
        if (!alive)
            return;
        std::vector<gateway_verbs::BrakeState> braked;
        auto read = reply ? gateway_verbs::brakeReplyFromJson(*reply) : Result<std::vector<gateway_verbs::BrakeState>>(reply.error());
        if (read)
            braked = std::move(*read);
        else
            logger.warning("the brake's holds are not known", {}, {{"reason", read.error().message}});
        if (guard)
            m_parts.database.run([braked](store::Transaction& tx) { return load(tx, braked); }, guard, done);
    });
}

void Holds::freeze(const std::string& userId, const std::string& sentence, const store::Actor& actor, QObject* guard, Done<wire::Holds> done) {
    apply(
        [userId, sentence, actor, now = m_parts.clock.now()](store::Transaction& tx) -> Status {
            if (const Status fine = checkSentence(sentence); !fine)
                return fine;
            auto username = usernameOf(tx, userId);
            if (!username)
                return username.error();
            if (const Status written = tx.exec("UPDATE users SET frozen = $2, frozen_at = $3 WHERE id = $1", {userId, sentence, now}); !written)
                return written;
            return store::appendAudit(tx, actor, "user.freeze", userId, {{"username", *username}, {"sentence", sentence}});
        },
        {}, guard, std::move(done));
}

void Holds::release(const std::string& userId, const store::Actor& actor, QObject* guard, Done<wire::Holds> done) {
    apply(
        [userId, actor](store::Transaction& tx) -> Status {
            auto username = usernameOf(tx, userId);
            if (!username)
                return username.error();
            if (const Status written = tx.exec("UPDATE users SET frozen = '', frozen_at = NULL WHERE id = $1", {userId}); !written)
                return written;
            return store::appendAudit(tx, actor, "user.release", userId, {{"username", *username}});
        },
        userId, guard, std::move(done));
}

void Holds::freezeAll(const std::string& sentence, const store::Actor& actor, QObject* guard, Done<wire::Holds> done) {
    apply(
        [sentence, actor](store::Transaction& tx) -> Status {
            if (const Status fine = checkSentence(sentence); !fine)
                return fine;
            const Status written = tx.exec("INSERT INTO settings (key, value) VALUES ($1, jsonb_build_object('sentence', $2::text))"
                                           " ON CONFLICT (key) DO UPDATE SET value = excluded.value, updated_at = now()",
                                           {allKey, sentence});
            if (!written)
                return written;
            return store::appendAudit(tx, actor, "freeze", "all", {{"sentence", sentence}});
        },
        {}, guard, std::move(done));
}

void Holds::releaseAll(const store::Actor& actor, QObject* guard, Done<wire::Holds> done) {
    apply(
        [actor](store::Transaction& tx) -> Status {
            if (const Status written = tx.exec("DELETE FROM settings WHERE key = $1", {allKey}); !written)
                return written;
            return store::appendAudit(tx, actor, "release", "all");
        },
        {}, guard, std::move(done));
}

void Holds::apply(Job job, const std::string& releases, QObject* guard, Done<wire::Holds> done) {
    struct Nothing {};
    change<Nothing>(
        m_parts, this,
        [job = std::move(job)](store::Transaction& tx) -> Result<Nothing> {
            if (const Status written = job(tx); !written)
                return written.error();
            return Nothing{};
        },
        [this, releases, reply = guarded(guard, std::move(done))](const Result<Nothing>& changed) {
            if (!changed)
                return reply(changed.error());
            const auto answer = [this, reply] {
                m_parts.hub.publish({orchestrator::Change::Kind::Hold, {}, {}, false});
                list(this, reply);
            };
            if (releases.empty())
                return answer();
            // The brake's hold is the gateway's alone; while that is away there is none.
            m_parts.gateway.ask("brake.release", {{"user", releases}}, [alive = QPointer<Holds>(this), answer](const Result<json::object>&) {
                if (alive)
                    answer();
            });
        });
}

} // namespace clawloops::governance
