// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "wire/usage_types.h"

#include "wire/json_members.h"

namespace clawloops::wire {

// clang-format off
template <class V> void list(V& v, UsageRow& r) {
    v("key", r.key); v("title", r.title); v("requests", r.requests); v("failed", r.failed); v("promptTokens", r.promptTokens);
    v("cachedTokens", r.cachedTokens); v("completionTokens", r.completionTokens); v("reasoningTokens", r.reasoningTokens);
    v("costNanos", r.costNanos); v("estimated", r.estimated);
}
template <class V> void list(V& v, UsageReport& r) {
    v("from", r.from); v("to", r.to); v("by", r.by); v("items", r.items); v("total", r.total);
}
template <class V> void list(V& v, UsageKeeping& k) { v("months", k.months); }
// clang-format on

CLAWLOOPS_API_TYPE(UsageRow);
CLAWLOOPS_API_TYPE(UsageReport);
CLAWLOOPS_API_TYPE(UsageKeeping);

} // namespace clawloops::wire
