// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/clock.h"
#include "stream/registry.h"
#include "wire/grant.h"

#include <cstddef>
#include <deque>

namespace clawloops::relay {

// What was cut lately. A request that the session check let pass just before a cut is still on its way then, with a grant that is
// good for seconds more; let in afterwards it would stay, as nobody looks again. Needs no memory beyond a grant's life.
class RecentCuts {
public:
    explicit RecentCuts(std::size_t most = 4096) : m_most(most) {}

    void add(const stream::ConnectionRegistry::Selector& what, WallTime now);
    // Was it given before, or in the same second as, a cut of its session, person or cell?
    [[nodiscard]] bool forbid(const Grant& grant) const;
    [[nodiscard]] std::size_t size() const { return m_cuts.size(); }

private:
    struct Cut {
        stream::ConnectionRegistry::Selector what;
        WallTime at;
    };
    std::size_t m_most;
    std::deque<Cut> m_cuts; // oldest first
    WallTime m_forgotten = WallTime::min(); // when the last one was that had to make room: before it nobody's grant is good
};

} // namespace clawloops::relay
