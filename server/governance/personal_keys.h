// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "governance/service_parts.h"
#include "wire/model_types.h"

#include <optional>
#include <string>
#include <vector>

namespace clawloops::governance {

struct KeyWish {
    std::string name;
    std::string expiresAt; // RFC 3339; empty: never
    std::vector<std::string> routes; // empty: all that the person may use
    bool batch = false;
};

// Keys with which a person's own programs use models: `clk_` and 43 letters, of which only the SHA-256 is kept. A key is revoked by its
// person or by an admin, and the gateway knows before the answer is there; so it does when its person is disabled. One thread;
// callbacks as in store::Database.
class PersonalKeys : public QObject {
    Q_OBJECT
public:
    static constexpr int mostOfOne = 50;
    explicit PersonalKeys(ServiceParts parts, QObject* parent = nullptr) : QObject(parent), m_parts(parts) {}

    void list(const std::string& ownerUserId, QObject* guard, Done<std::vector<wire::PersonalKey>> done); // empty: everybody's
    // The secret is in this answer and nowhere else. InvalidRequest: the name, an unknown route, a time that is none or past;
    // QuotaExceeded: the person has 50.
    void create(const std::string& userId, const KeyWish& wish, const store::Actor& actor, QObject* guard, Done<wire::NewPersonalKey> done);
    // NotFound; also for somebody else's, when an owner is given.
    void revoke(const std::string& keyId, const std::string& ownerUserId, const store::Actor& actor, QObject* guard, Done<wire::PersonalKey> done);

private:
    ServiceParts m_parts;
};

// The part of the gateway's configuration that says which keys there are: those of active people. An orchestrator::ConfigurationPart.
[[nodiscard]] Status readKeys(store::Transaction& tx, gateway_verbs::Configuration& into);

} // namespace clawloops::governance
