// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "wire/budget_types.h"

#include "wire/json_members.h"

namespace clawloops::wire {

// clang-format off
template <class V> void list(V& v, Budget& b) {
    v("budgetId", b.budgetId); v("name", b.name); v("scope", b.scope); v("subject", b.subject); v("unit", b.unit); v("window", b.window);
    v("limit", b.limit); v("raisedOn", b.raisedOn); v("raisedBy", b.raisedBy); v("spent", b.spent); v("reserved", b.reserved);
    v("spender", b.spender); v("resetsAt", b.resetsAt);
}
template <class V> void list(V& v, Limit& l) {
    v("scope", l.scope); v("subject", l.subject); v("requestsPerMinute", l.requestsPerMinute); v("tokensPerMinute", l.tokensPerMinute);
    v("streams", l.streams);
}
template <class V> void list(V& v, Quota& q) { v("items", q.items); v("limits", q.limits); v("held", q.held); }
// clang-format on

CLAWLOOPS_API_TYPE(Budget);
CLAWLOOPS_API_TYPE(Limit);
CLAWLOOPS_API_TYPE(Quota);

} // namespace clawloops::wire
