// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/clock.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <ctime>

namespace clawloops {

std::int64_t toUnixSeconds(WallTime time) {
    return std::chrono::floor<std::chrono::seconds>(time.time_since_epoch()).count();
}

std::int64_t toUnixMillis(WallTime time) {
    return std::chrono::floor<std::chrono::milliseconds>(time.time_since_epoch()).count();
}

namespace {
// Counts come from outside (a signed claim, podman): one beyond what a WallTime holds (the years 1677 to 2262) is its nearest end.
template <class Span> WallTime nearest(std::int64_t count) {
    constexpr auto most = std::chrono::duration_cast<Span>(WallTime::duration::max()).count();
    return WallTime(Span(std::clamp<std::int64_t>(count, -most, most)));
}
}
WallTime fromUnixSeconds(std::int64_t seconds) { return nearest<std::chrono::seconds>(seconds); }
WallTime fromUnixMillis(std::int64_t millis) { return nearest<std::chrono::milliseconds>(millis); }

std::string toRfc3339(WallTime time) {
    const std::int64_t millis = toUnixMillis(time);
    const std::time_t seconds = static_cast<std::time_t>(toUnixSeconds(time));
    // The text of a second is made once: a busy program asks for it thousands of times.
    thread_local std::time_t lastSeconds = -1;
    thread_local std::string text;
    if (seconds != lastSeconds || text.empty()) {
        std::tm parts{};
        gmtime_r(&seconds, &parts);
        std::array<char, 40> whole{};
        text.assign(whole.data(), std::strftime(whole.data(), whole.size(), "%Y-%m-%dT%H:%M:%S.000Z", &parts));
        lastSeconds = seconds;
    }
    const auto rest = static_cast<int>(((millis % 1000) + 1000) % 1000);
    char* const digits = text.data() + text.size() - 4;
    digits[0] = static_cast<char>('0' + rest / 100);
    digits[1] = static_cast<char>('0' + rest / 10 % 10);
    digits[2] = static_cast<char>('0' + rest % 10);
    return text;
}

} // namespace clawloops
