// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/clock.h"

#include <algorithm>
#include <chrono>
#include <map>
#include <string>
#include <string_view>

namespace clawloops {

// How often each of many may do something: `burst` times at once after a pause, then once `every` so often. Remembers one time for
// each that did it lately, and nothing of the others. One thread.
class Pace {
public:
    Pace(std::chrono::milliseconds every, int burst) : m_every(every), m_room(every * burst) {}

    // May `who` do it now? It counts when the answer is yes.
    [[nodiscard]] bool take(std::string_view who, SteadyTime now) {
        if (m_due.size() >= many)
            std::erase_if(m_due, [now](const auto& each) { return each.second <= now; });
        SteadyTime& due = m_due.try_emplace(std::string(who), now).first->second;
        const SteadyTime next = std::max(due, now) + m_every;
        if (next > now + m_room)
            return false;
        due = next;
        return true;
    }
    [[nodiscard]] std::size_t remembered() const { return m_due.size(); }

private:
    static constexpr std::size_t many = 1000;
    std::chrono::milliseconds m_every;
    std::chrono::milliseconds m_room;
    std::map<std::string, SteadyTime> m_due; // when all that was done is paid for
};

} // namespace clawloops
