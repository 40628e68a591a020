// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "orchestrator/retry_memory.h"

#include "base/random.h"

#include <algorithm>

namespace clawloops::orchestrator {

namespace {
constexpr std::chrono::milliseconds longestBackoff{60'000};
}

void RetryMemory::failed(const Clock& clock, const OrchestratorSettings& settings) {
    const auto base = std::min(longestBackoff, settings.firstBackoff * (std::int64_t(1) << std::min(m_failures, 10)));
    ++m_failures;
    // 0.8 to 1.2, so that a hundred cells that failed together do not come back together.
    const int dice = static_cast<unsigned char>(randomBytes(1)[0]);
    m_notBefore = clock.steadyNow() + base * (800 + dice * 400 / 255) / 1000;
}

bool RetryMemory::crashed(const Clock& clock, const OrchestratorSettings& settings) {
    const SteadyTime now = clock.steadyNow();
    m_crashes.push_back(now);
    while (now - m_crashes.front() > settings.crashWindow)
        m_crashes.pop_front();
    failed(clock, settings);
    return crashes() > settings.crashesAllowed;
}

std::chrono::milliseconds RetryMemory::wait(const Clock& clock) const {
    if (!m_notBefore || *m_notBefore <= clock.steadyNow())
        return std::chrono::milliseconds(0);
    return std::chrono::ceil<std::chrono::milliseconds>(*m_notBefore - clock.steadyNow());
}

} // namespace clawloops::orchestrator
