// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "wire/api_types.h"

#include <optional>
#include <string>
#include <vector>

// What the HTTP API says of what stands behind routes (resources/docs/models.md, "API"), as values; the rules of wire/api_types.h
// hold.
namespace clawloops::wire {

struct Credential { // GET|POST admin/provider-credentials, PUT|DELETE …/{credentialId}; the secret only goes in
    std::string credentialId; // crd_…
    std::string name;
    std::string provider; // as LiteLLM names it; "openai" also for servers that speak its protocol
    std::string createdAt;
    std::string changedAt; // of the secret
    std::optional<std::string> lastUsedAt;
    std::optional<std::string> lastError;
    std::vector<std::string> usedBy; // names of routes
};
struct MasterKeyRotation { // POST admin/master-key/rotate
    std::int64_t keyVersion = 0;
    std::int64_t credentials = 0; // sealed anew
};

json::object toJson(const Credential&);
json::object toJson(const MasterKeyRotation&);

} // namespace clawloops::wire
