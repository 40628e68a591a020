// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "orchestrator/credentials.h"

#include "base/log.h"
#include "base/random.h"

#include <algorithm>
#include <utility>

namespace clawloops::orchestrator {

namespace {

constexpr Log logger("credentials");

Error refused(std::string message) { return {ErrorCode::InvalidRequest, std::move(message), {}}; }

// What a sealed secret is bound to: moved to another row, or the row given to another provider, it opens no more.
std::string placeOf(const std::string& id, const std::string& provider) { return id + "\n" + provider; }

Status checkName(const std::string& name) {
    const bool printable = std::all_of(name.begin(), name.end(), [](unsigned char c) { return c >= 0x20 && c != 0x7f; });
    if (name.empty() || name.size() > 100 || !printable)
        return refused("A credential needs a name of 1 to 100 bytes on one line.");
    return {};
}

Status checkProvider(const std::string& provider) {
    if (provider.empty() || provider.size() > 40 || provider.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") != std::string::npos)
        return refused("A provider is named in small letters, digits and underscores, as LiteLLM names it.");
    return {};
}

// It goes into a header: no blanks, no control bytes, nothing beyond ASCII.
Status checkSecret(const Secret& secret) {
    const std::string_view text = secret.reveal();
    if (text.empty() || text.size() > 4096 || !std::all_of(text.begin(), text.end(), [](unsigned char c) { return c > 0x20 && c < 0x7f; }))
        return refused("A provider's key is 1 to 4096 letters, digits and signs without blanks. Copy it again from the provider's page.");
    return {};
}

Result<std::vector<wire::Credential>> load(store::Transaction& tx, const std::string& id) {
    auto rows = tx.query("SELECT c.id, c.name, c.provider, c.created_at, c.changed_at, c.last_used_at, c.last_error, r.name FROM provider_credentials c"
                         " LEFT JOIN routes r ON r.targets @> jsonb_build_array(jsonb_build_object('credentialId', c.id))"
                         " WHERE $1 = '' OR c.id = $1 ORDER BY lower(c.name), c.id, r.position, r.name",
                         {id});
    if (!rows)
        return rows.error();
    std::vector<wire::Credential> credentials;
    for (const store::Row& row : *rows) {
        if (credentials.empty() || credentials.back().credentialId != row.text(0)) {
            wire::Credential one{row.text(0), row.text(1), row.text(2), toRfc3339(row.time(3)), toRfc3339(row.time(4)), {}, {}, {}};
            if (const auto used = row.optionalTime(5))
                one.lastUsedAt = toRfc3339(*used);
            if (!row.text(6).empty())
                one.lastError = row.text(6);
            credentials.push_back(std::move(one));
        }
        if (!row.isNull(7))
            credentials.back().usedBy.push_back(row.text(7));
    }
    return credentials;
}

Result<wire::Credential> loadOne(store::Transaction& tx, const std::string& id) {
    auto locked = tx.query("SELECT 1 FROM provider_credentials WHERE id = $1 FOR UPDATE", {id});
    auto found = locked ? load(tx, id) : Result<std::vector<wire::Credential>>(locked.error());
    if (!found)
        return found.error();
    if (id.empty() || found->empty())
        return Error{ErrorCode::NotFound, "There is no such credential.", {}};
    return std::move(found->front());
}

Status named(Status written, const std::string& name) { // the only unique thing here is the name
    if (!written && written.error().code == ErrorCode::RuntimeActionConflict)
        return Error{ErrorCode::RuntimeActionConflict, "There is a credential named \"" + name + "\" already. Choose another name.", {}};
    return written;
}

Result<std::int64_t> sealAnew(store::Transaction& tx, const Vault& from, const Vault& to) {
    auto rows = tx.query("SELECT id, provider, sealed FROM provider_credentials ORDER BY id FOR UPDATE");
    if (!rows)
        return rows.error();
    for (const store::Row& row : *rows) {
        const std::string place = placeOf(row.text(0), row.text(1));
        auto secret = from.open(row.text(2), place);
        if (!secret)
            return secret.error();
        const Status written = tx.exec("UPDATE provider_credentials SET key_version = $2, sealed = $3 WHERE id = $1",
                                       {row.text(0), to.version(), to.seal(*secret, place)});
        if (!written)
            return written.error();
    }
    const Status noted = tx.exec("UPDATE master_key SET version = $1, fingerprint = $2", {to.version(), to.fingerprint()});
    if (!noted)
        return noted.error();
    return static_cast<std::int64_t>(rows->size());
}

} // namespace

Result<std::map<std::string, Secret>> openCredentials(store::Transaction& tx, const MasterKey& key) {
    auto rows = tx.query("SELECT id, provider, sealed FROM provider_credentials");
    if (!rows)
        return rows.error();
    std::map<std::string, Secret> secrets;
    if (rows->empty())
        return secrets;
    const auto vault = key.vault(tx, false);
    if (!vault) {
        logger.error("the providers' credentials do not open", {}, {{"reason", vault.error().message}});
        return secrets;
    }
    for (const store::Row& row : *rows) {
        auto secret = vault->open(row.text(2), placeOf(row.text(0), row.text(1)));
        if (secret)
            secrets.emplace(row.text(0), std::move(*secret));
        else
            logger.error("a provider's credential does not open", {}, {{"credential", row.text(0)}});
    }
    return secrets;
}

Credentials::Credentials(store::Database& database, ModelRoutes& routes, const Clock& clock, MasterKey key, QObject* parent)
    : QObject(parent), m_database(database), m_routes(routes), m_clock(clock), m_key(std::move(key)) {
    m_routes.setCredentials([key = m_key](store::Transaction& tx) { return openCredentials(tx, key); });
}

template <class T> void Credentials::carryOut(std::function<Result<T>(store::Transaction&)> job, QObject* guard, Done<T> done) {
    m_database.run(std::move(job), this, [this, guard = QPointer<QObject>(guard), done = std::move(done)](Result<T> outcome) {
        if (!outcome) {
            if (guard)
                done(std::move(outcome));
            return;
        }
        m_routes.configure(this, [guard, done, outcome](const Result<gateway_verbs::ConfigureReply>&) {
            if (guard)
                done(outcome);
        });
    });
}

void Credentials::list(QObject* guard, Done<std::vector<wire::Credential>> done) {
    m_database.run([](store::Transaction& tx) { return load(tx, {}); }, guard, std::move(done));
}

void Credentials::create(const std::string& name, const std::string& provider, Secret secret, const store::Actor& actor, QObject* guard,
                         Done<wire::Credential> done) {
    carryOut<wire::Credential>(
        [name, provider, secret = std::move(secret), actor, key = m_key, now = m_clock.now()](store::Transaction& tx) -> Result<wire::Credential> {
            Status fine = checkName(name);
            if (fine)
                fine = checkProvider(provider);
            if (fine)
                fine = checkSecret(secret);
            if (!fine)
                return fine.error();
            const auto vault = key.vault(tx, true);
            if (!vault)
                return vault.error();
            const std::string id = randomId("crd_");
            fine = named(tx.exec("INSERT INTO provider_credentials (id, name, provider, key_version, sealed, created_at, changed_at)"
                                 " VALUES ($1, $2, $3, $4, $5, $6, $6)",
                                 {id, name, provider, vault->version(), vault->seal(secret, placeOf(id, provider)), now}),
                         name);
            if (fine)
                fine = store::appendAudit(tx, actor, "credential.create", id, {{"name", name}, {"provider", provider}});
            if (!fine)
                return fine.error();
            return loadOne(tx, id);
        },
        guard, std::move(done));
}

void Credentials::edit(const std::string& credentialId, std::optional<std::string> name, std::optional<Secret> secret, const store::Actor& actor,
                       QObject* guard, Done<wire::Credential> done) {
    carryOut<wire::Credential>(
        [credentialId, name = std::move(name), secret = std::move(secret), actor, key = m_key, now = m_clock.now()](store::Transaction& tx) -> Result<wire::Credential> {
            // The key before the row, as a change of the master key takes them.
            const auto vault = key.vault(tx, true);
            if (!vault)
                return vault.error();
            const auto known = loadOne(tx, credentialId);
            if (!known)
                return known.error();
            Status fine = name ? checkName(*name) : Status();
            if (fine && name)
                fine = named(tx.exec("UPDATE provider_credentials SET name = $2 WHERE id = $1", {credentialId, *name}), *name);
            if (fine && secret)
                fine = checkSecret(*secret);
            if (fine && secret)
                fine = tx.exec("UPDATE provider_credentials SET key_version = $2, sealed = $3, changed_at = $4, last_error = '' WHERE id = $1",
                               {credentialId, vault->version(), vault->seal(*secret, placeOf(credentialId, known->provider)), now});
            if (fine)
                fine = store::appendAudit(tx, actor, secret ? "credential.rotate" : "credential.change", credentialId, {{"name", name.value_or(known->name)}});
            if (!fine)
                return fine.error();
            return loadOne(tx, credentialId);
        },
        guard, std::move(done));
}

void Credentials::remove(const std::string& credentialId, const store::Actor& actor, QObject* guard, Done<wire::Credential> done) {
    carryOut<wire::Credential>(
        [credentialId, actor](store::Transaction& tx) -> Result<wire::Credential> {
            const auto known = loadOne(tx, credentialId);
            if (!known)
                return known.error();
            if (!known->usedBy.empty())
                return Error{ErrorCode::RuntimeActionConflict,
                             "The model \"" + known->usedBy.front() + "\" uses this credential. Give its target another one first.", {}};
            Status gone = tx.exec("DELETE FROM provider_credentials WHERE id = $1", {credentialId});
            if (gone)
                gone = store::appendAudit(tx, actor, "credential.remove", credentialId, {{"name", known->name}});
            if (!gone)
                return gone.error();
            return known;
        },
        guard, std::move(done));
}

void Credentials::rotateMasterKey(const store::Actor& actor, QObject* guard, Done<wire::MasterKeyRotation> done) {
    if (std::exchange(m_rotating, true))
        return done(Error{ErrorCode::RuntimeActionConflict, "The master key is being changed right now. Wait until that has ended.", {}});
    m_database.run(
        [actor, key = m_key](store::Transaction& tx) -> Result<wire::MasterKeyRotation> {
            const auto from = key.vault(tx, true);
            if (!from)
                return from.error();
            // A change that was committed but not settled left the present key in the next one's place: it must not be written over.
            if (const Status settled = key.settleIfNext(*from); !settled)
                return settled.error();
            const auto to = key.makeNext(from->version() + 1);
            if (!to)
                return to.error();
            const auto count = sealAnew(tx, *from, *to);
            if (!count)
                return count.error();
            const Status noted = store::appendAudit(tx, actor, "master_key.rotate", std::to_string(to->version()), {{"credentials", *count}});
            if (!noted)
                return noted.error();
            return wire::MasterKeyRotation{to->version(), *count};
        },
        this, [this, guard = QPointer<QObject>(guard), done = std::move(done)](const Result<wire::MasterKeyRotation>& outcome) {
            m_rotating = false;
            const Status settled = outcome ? m_key.settle() : Status();
            if (!settled) // it opens all the same: MasterKey looks at both files
                logger.error("the new master key's file is not in its place", {}, {{"reason", settled.error().message}});
            // A configuration that was read before the commit may have met the new file: what it lacked is told now.
            m_routes.configure(this, [guard, done, outcome](const Result<gateway_verbs::ConfigureReply>&) {
                if (guard)
                    done(outcome);
            });
        });
}

} // namespace clawloops::orchestrator
