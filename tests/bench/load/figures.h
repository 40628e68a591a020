// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

namespace clawloops::bench {

// Durations in nanoseconds, kept one by one: percentiles are those of the samples, not of buckets. Four bytes each.
class Figures {
public:
    void add(std::int64_t nanos) { m_nanos.push_back(static_cast<std::uint32_t>(std::clamp<std::int64_t>(nanos, 0, UINT32_MAX))); }
    void clear() { m_nanos.clear(); }
    [[nodiscard]] std::size_t size() const { return m_nanos.size(); }
    [[nodiscard]] double micros(double part) { // part 0.5: the median; 0 without samples
        if (m_nanos.empty())
            return 0;
        const auto at = m_nanos.begin() + static_cast<std::ptrdiff_t>(part * static_cast<double>(m_nanos.size() - 1));
        std::nth_element(m_nanos.begin(), at, m_nanos.end());
        return *at / 1000.0;
    }

private:
    std::vector<std::uint32_t> m_nanos;
};

} // namespace clawloops::bench
