// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/clock.h"
#include "base/secret.h"
#include "orchestrator/master_key.h"
#include "orchestrator/model_routes.h"
#include "store/audit_log.h"
#include "store/database.h"
#include "wire/route_types.h"

#include <QObject>

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace clawloops::orchestrator {

// Providers' credentials: sealed under the master key, opened for the gateway's configuration and for nothing else. No answer and
// no journal entry holds a secret. One thread; callbacks as in store::Database. A change is answered once the gateway was told.
class Credentials : public QObject {
    Q_OBJECT
public:
    template <class T> using Done = std::function<void(Result<T>)>;
    // Before ModelRoutes::start(): gives it the way to the secrets.
    Credentials(store::Database& database, ModelRoutes& routes, const Clock& clock, MasterKey key, QObject* parent = nullptr);

    void list(QObject* guard, Done<std::vector<wire::Credential>> done); // by name
    // InvalidRequest: no name, provider or secret that could be one; RuntimeActionConflict: the name is taken.
    void create(const std::string& name, const std::string& provider, Secret secret, const store::Actor& actor, QObject* guard, Done<wire::Credential> done);
    // What is not given stays; the provider always does. NotFound, else as above.
    void edit(const std::string& credentialId, std::optional<std::string> name, std::optional<Secret> secret, const store::Actor& actor, QObject* guard,
              Done<wire::Credential> done);
    void remove(const std::string& credentialId, const store::Actor& actor, QObject* guard, Done<wire::Credential> done); // NotFound; RuntimeActionConflict: in use
    // Seals everything under a new master key. A crash at any moment leaves a state that opens (MasterKey). One at a time:
    // RuntimeActionConflict.
    void rotateMasterKey(const store::Actor& actor, QObject* guard, Done<wire::MasterKeyRotation> done);

private:
    template <class T> void carryOut(std::function<Result<T>(store::Transaction&)> job, QObject* guard, Done<T> done);
    store::Database& m_database;
    ModelRoutes& m_routes;
    const Clock& m_clock;
    MasterKey m_key;
    bool m_rotating = false;
};

// Every secret by its credential's id. What does not open is left out, and logged.
[[nodiscard]] Result<std::map<std::string, Secret>> openCredentials(store::Transaction& tx, const MasterKey& key);

} // namespace clawloops::orchestrator
