// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/clock.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace clawloops::model {

// How a try at a target ended, as far as it says something about the target.
enum class TargetOutcome {
    Answered, // any answer that is none of the below; 400 and 404 too: it works
    CannotConnect,
    TimedOut, // no answer in time
    Failed, // 5xx, or an answer that broke off
    Busy, // 429, or 503 with Retry-After
    WrongKey, // 401 or 403
    Unknown, // the client left first, or we ended it
};
// `retryAfter`: the header was there.
[[nodiscard]] TargetOutcome outcomeOfStatus(int status, bool retryAfter);

enum class TargetState { Unknown, Up, Down, Busy, WrongKey };
[[nodiscard]] std::string_view nameOf(TargetState state); // "wrong_key"

struct TargetHealth {
    TargetState state = TargetState::Unknown;
    WallTime since{};
    std::string sentence;
    std::chrono::milliseconds retryIn{0}; // 0: may be tried now
};

struct BreakerSettings {
    int failures = 3; // in a row until it is avoided
    std::chrono::milliseconds firstPause{1000}; // doubled after each probe that fails
    std::chrono::milliseconds longestPause{60'000};
    std::chrono::milliseconds busyPause{1000}; // where it does not say how long
    std::chrono::milliseconds longestBusy{300'000}; // whatever it says
    std::chrono::milliseconds keyPause{30'000}; // a key that was put right is noticed by configure (forget()) or after this
    std::chrono::milliseconds probeWithin{120'000}; // a probe that nobody reported on is given up
};

// Whether one target may be asked, and what is to be said of it.
//
// | state     | may be tried                       | Answered | failure                         | Busy            | WrongKey  |
// |-----------|------------------------------------|----------|---------------------------------|-----------------|-----------|
// | closed    | always                             | closed   | closed; open at the n-th in a row | avoided a while | avoided   |
// | avoided   | when its time is over: as closed   | closed   | as closed                       | avoided anew    | avoided   |
// | open      | when its pause is over: one probe  | closed   | open, pause unchanged (an older request's) | avoided | avoided |
// | half-open | no, but the probe's time being over | closed  | of the probe: open, pause doubled; of others: nothing | avoided | avoided |
// Busy and WrongKey are no failures: something answers there. Unknown changes nothing but that a probe is over. One thread.
class CircuitBreaker {
public:
    explicit CircuitBreaker(BreakerSettings settings = {}) : m_settings(settings) {}

    enum class Try { No, Yes, Probe };
    // Not No: it is to be tried now, and the end is to be reported with what was answered here.
    [[nodiscard]] Try mayTry(SteadyTime now);
    // The same without beginning anything: for the order of targets and for showing.
    [[nodiscard]] bool wouldTry(SteadyTime now) const;
    // `status`: for the sentence, 0 where there was none. True: the state has changed, which is an event.
    bool report(Try begun, TargetOutcome outcome, SteadyTime now, WallTime wall, int status = 0,
                std::optional<std::chrono::milliseconds> retryAfter = std::nullopt);
    // Its address or credential is another one now.
    void forget() { *this = CircuitBreaker(m_settings); }
    [[nodiscard]] TargetHealth health(SteadyTime now) const;

private:
    void setState(TargetState state, WallTime wall);
    [[nodiscard]] bool fails(Try begun, SteadyTime now);

    BreakerSettings m_settings;
    TargetState m_state = TargetState::Unknown;
    WallTime m_since{};
    TargetOutcome m_last = TargetOutcome::Unknown;
    int m_status = 0;
    int m_failures = 0; // in a row
    bool m_open = false;
    bool m_probing = false;
    std::chrono::milliseconds m_pause{0};
    SteadyTime m_until{}; // avoided or open until then; half-open: the probe's time
};

} // namespace clawloops::model
