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

std::optional<WallTime> fromRfc3339(std::string_view text) {
    constexpr std::string_view form = "dddd-dd-ddTdd:dd:dd.dddZ";
    const bool whole = text.size() == form.size();
    if (!whole && text.size() != form.size() - 4)
        return std::nullopt;
    std::array<int, 7> numbers{};
    std::size_t number = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char wanted = !whole && i == text.size() - 1 ? 'Z' : form[i];
        const bool digit = text[i] >= '0' && text[i] <= '9';
        if (wanted == 'd' ? !digit : text[i] != wanted)
            return std::nullopt;
        if (wanted == 'd')
            numbers[number] = numbers[number] * 10 + (text[i] - '0');
        else
            ++number;
    }
    const std::chrono::year_month_day day{std::chrono::year(numbers[0]), std::chrono::month(static_cast<unsigned>(numbers[1])),
                                          std::chrono::day(static_cast<unsigned>(numbers[2]))};
    // The years that a WallTime holds, less those at its ends.
    if (!day.ok() || numbers[0] < 1700 || numbers[0] > 2200 || numbers[3] > 23 || numbers[4] > 59 || numbers[5] > 59)
        return std::nullopt;
    return WallTime(std::chrono::sys_days(day)) + std::chrono::hours(numbers[3]) + std::chrono::minutes(numbers[4]) + std::chrono::seconds(numbers[5]) +
           std::chrono::milliseconds(numbers[6]);
}

} // namespace clawloops
