// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "wire/model_types.h"

#include "wire/json_members.h"

namespace clawloops::wire {

// clang-format off
// --- people
template <class V> void list(V& v, Group& g) { v("groupId", g.groupId); v("name", g.name); v("members", g.members); }
template <class V> void list(V& v, Hold& h) {
    v("userId", h.userId); v("username", h.username); v("state", h.state); v("rule", h.rule); v("sentence", h.sentence);
    v("numbers", h.numbers); v("since", h.since);
}
template <class V> void list(V& v, Holds& h) { v("items", h.items); v("all", h.all); }
template <class V> void list(V& v, PersonalKey& k) {
    v("keyId", k.keyId); v("name", k.name); v("prefix", k.prefix); v("userId", k.userId); v("username", k.username);
    v("createdAt", k.createdAt); v("expiresAt", k.expiresAt); v("lastUsedAt", k.lastUsedAt); v("routes", k.routes); v("batch", k.batch);
}
template <class V> void list(V& v, NewPersonalKey& n) { v("key", n.key); v("secret", n.secret); }
// clang-format on

CLAWLOOPS_API_TYPE(Group);
CLAWLOOPS_API_TYPE(Hold);
CLAWLOOPS_API_TYPE(Holds);
CLAWLOOPS_API_TYPE(PersonalKey);
CLAWLOOPS_API_TYPE(NewPersonalKey);

} // namespace clawloops::wire
