// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/clock.h"
#include "orchestrator/orchestrator_settings.h"

#include <cstdint>
#include <deque>
#include <optional>

namespace clawloops::orchestrator {

// What a runtime's past says about when to try again. Kept in memory: after a restart of ours everybody has a clean slate.
class RetryMemory {
public:
    // A try that did not work for a reason that may pass. Waits firstBackoff doubled each time, at most a minute, ± 20 %.
    void failed(const Clock& clock, const OrchestratorSettings& settings);
    // OpenClaw ended by itself. True: too often within the window, give up.
    [[nodiscard]] bool crashed(const Clock& clock, const OrchestratorSettings& settings);
    void worked() { m_failures = 0; } // crashes are kept: one that crashes a minute after each start is a loop too
    void forget() { *this = RetryMemory(); }

    [[nodiscard]] int failures() const { return m_failures; }
    [[nodiscard]] int crashes() const { return static_cast<int>(m_crashes.size()); }
    [[nodiscard]] std::chrono::milliseconds wait(const Clock& clock) const; // 0: now

private:
    int m_failures = 0;
    std::deque<SteadyTime> m_crashes;
    std::optional<SteadyTime> m_notBefore;
};

} // namespace clawloops::orchestrator
