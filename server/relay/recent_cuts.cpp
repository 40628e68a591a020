// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "relay/recent_cuts.h"

#include <algorithm>

namespace clawloops::relay {

namespace {
bool givenBefore(const Grant& grant, WallTime cut) {
    return grant.expires - grantLifetime <= cut; // grants count in whole seconds, rounded down
}
} // namespace

void RecentCuts::add(const stream::ConnectionRegistry::Selector& what, WallTime now) {
    while (!m_cuts.empty() && m_cuts.front().at + grantLifetime < now)
        m_cuts.pop_front(); // every grant from before it has expired
    if (m_cuts.size() >= m_most) {
        m_forgotten = m_cuts.front().at;
        m_cuts.pop_front();
    }
    m_cuts.push_back({what, now});
}

bool RecentCuts::forbid(const Grant& grant) const {
    return givenBefore(grant, m_forgotten) || std::any_of(m_cuts.begin(), m_cuts.end(), [&](const Cut& cut) {
               return givenBefore(grant, cut.at) && cut.what.matches(grant.session, grant.user, grant.cell);
           });
}

} // namespace clawloops::relay
