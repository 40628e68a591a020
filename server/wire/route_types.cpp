// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "wire/route_types.h"

#include "wire/json_members.h"

namespace clawloops::wire {

// clang-format off
template <class V> void list(V& v, Credential& c) {
    v("credentialId", c.credentialId); v("name", c.name); v("provider", c.provider); v("createdAt", c.createdAt); v("changedAt", c.changedAt);
    v("lastUsedAt", c.lastUsedAt); v("lastError", c.lastError); v("usedBy", c.usedBy);
}
template <class V> void list(V& v, MasterKeyRotation& r) { v("keyVersion", r.keyVersion); v("credentials", r.credentials); }
// clang-format on

CLAWLOOPS_API_TYPE(Credential);
CLAWLOOPS_API_TYPE(MasterKeyRotation);

} // namespace clawloops::wire
