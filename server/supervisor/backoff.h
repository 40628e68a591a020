// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <chrono>

namespace clawloops::supervisor {

inline constexpr int crashLoopAfter = 6; // failures in a row
inline constexpr std::chrono::seconds goodAfter{30}; // running for so long ends the row
inline constexpr std::chrono::milliseconds crashLoopPause{60'000};

// How long to wait before the next start after `failures` in a row (1, 2, ...): 0.5 s doubling to 30 s, less or more by a
// fifth (`random` from 0 to 1) so that components that fell together do not start together; a minute in a crash loop.
[[nodiscard]] inline std::chrono::milliseconds restartDelay(int failures, double random) {
    if (failures >= crashLoopAfter)
        return crashLoopPause;
    const double base = 500.0 * static_cast<double>(1 << std::clamp(failures - 1, 0, 16));
    return std::chrono::milliseconds(static_cast<long>(std::min(base, 30'000.0) * (0.8 + 0.4 * random)));
}

} // namespace clawloops::supervisor
