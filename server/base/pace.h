// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/clock.h"

#include <algorithm>
#include <chrono>
#include <string>
#include <string_view>
#include <unordered_map>

namespace clawloops {

// How often each of many may do something: `burst` times at once after a pause, then once `every` so often. Remembers one time for
// each that did it lately, and nothing of the others. One thread.
class Pace {
public:
    Pace(std::chrono::milliseconds every, int burst) : m_every(every), m_room(every * burst) {}

    // May `who` do it now? It counts when the answer is yes.
    [[nodiscard]] bool take(std::string_view who, SteadyTime now) {
        if (m_due.size() >= m_sweepAt) {
            std::erase_if(m_due, [now](const auto& each) { return each.second <= now; });
            m_sweepAt = std::max(many, 2 * m_due.size()); // or each call would look at all who are there
        }
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
    std::size_t m_sweepAt = many;
    std::unordered_map<std::string, SteadyTime> m_due; // when all that was done is paid for
};

} // namespace clawloops
