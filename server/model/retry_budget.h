// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/clock.h"

#include <algorithm>
#include <array>
#include <cstdint>

namespace clawloops::model {

// So that a failing target does not double the load of the others: of the requests of the last 10 s at most a fifth may be sent on to
// a further target, and 3 always. Counted by whole seconds, so a window is between 9 and 10 s. One thread, no allocation.
class RetryBudget {
public:
    static constexpr std::int64_t part = 5; // one of so many
    static constexpr std::int64_t always = 3;
    static constexpr std::int64_t seconds = 10;

    void countRequest(SteadyTime now) { ++second(now).requests; }
    // May one more be sent on? It counts when the answer is yes.
    [[nodiscard]] bool takeRetry(SteadyTime now) {
        Second& current = second(now);
        std::int64_t requests = 0;
        std::int64_t retries = 0;
        for (const Second& each : m_seconds) {
            if (each.number <= current.number - seconds)
                continue;
            requests += each.requests;
            retries += each.retries;
        }
        if (retries >= std::max(always, requests / part))
            return false;
        ++current.retries;
        return true;
    }

private:
    struct Second {
        std::int64_t number = -seconds; // none yet
        std::int64_t requests = 0;
        std::int64_t retries = 0;
    };
    Second& second(SteadyTime now) {
        const std::int64_t number = std::chrono::duration_cast<std::chrono::seconds>(now.time_since_epoch()).count();
        Second& found = m_seconds[static_cast<std::size_t>(number % seconds)];
        if (found.number != number)
            found = Second{number, 0, 0};
        return found;
    }
    std::array<Second, seconds> m_seconds{};
};

} // namespace clawloops::model
