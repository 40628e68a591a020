// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace clawloops {

using WallTime = std::chrono::system_clock::time_point;
using SteadyTime = std::chrono::steady_clock::time_point;

// Time as a collaborator, so that tests own it. Callable from any thread.
class Clock {
public:
    virtual ~Clock() = default;
    [[nodiscard]] virtual WallTime now() const = 0;
    [[nodiscard]] virtual SteadyTime steadyNow() const = 0;
};

class SystemClock final : public Clock {
public:
    [[nodiscard]] WallTime now() const override { return std::chrono::system_clock::now(); }
    [[nodiscard]] SteadyTime steadyNow() const override { return std::chrono::steady_clock::now(); }
};

// Stands still until advance(). Not for use from two threads at once.
class ManualClock final : public Clock {
public:
    explicit ManualClock(WallTime start = WallTime(std::chrono::seconds(1'800'000'000))) : m_now(start) {}
    [[nodiscard]] WallTime now() const override { return m_now; }
    [[nodiscard]] SteadyTime steadyNow() const override { return m_steady; }
    void advance(std::chrono::milliseconds by) {
        m_now += by;
        m_steady += by;
    }

private:
    WallTime m_now;
    SteadyTime m_steady{};
};

// A point in steady time by which something has to be over.
class Deadline {
public:
    static Deadline in(const Clock& clock, std::chrono::milliseconds span) { return Deadline(clock.steadyNow() + span); }
    [[nodiscard]] bool passed(const Clock& clock) const { return clock.steadyNow() >= m_at; }
    [[nodiscard]] std::chrono::milliseconds left(const Clock& clock) const {
        const auto rest = std::chrono::duration_cast<std::chrono::milliseconds>(m_at - clock.steadyNow());
        return rest.count() > 0 ? rest : std::chrono::milliseconds(0);
    }

private:
    explicit Deadline(SteadyTime at) : m_at(at) {}
    SteadyTime m_at;
};

[[nodiscard]] std::int64_t toUnixSeconds(WallTime time);
[[nodiscard]] std::int64_t toUnixMillis(WallTime time);
[[nodiscard]] WallTime fromUnixSeconds(std::int64_t seconds);
[[nodiscard]] WallTime fromUnixMillis(std::int64_t millis);
[[nodiscard]] std::string toRfc3339(WallTime time); // "2026-11-22T17:20:12.345Z", always UTC
[[nodiscard]] std::optional<WallTime> fromRfc3339(std::string_view text); // what toRfc3339 writes, and the same without a fraction

} // namespace clawloops
