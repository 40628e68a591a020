// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/runaway_brake.h"

#include "model/price.h"

#include <algorithm>
#include <limits>

namespace clawloops::model {
namespace {

using namespace std::chrono_literals;

template <class Span> std::int64_t numberOf(SteadyTime now) {
    return std::chrono::duration_cast<Span>(now.time_since_epoch()).count();
}
constexpr std::int64_t longestMemory = 7 * 86'400; // seconds
using Minute = std::chrono::minutes;
using FiveMinutes = std::chrono::duration<std::int64_t, std::ratio<300>>;

} // namespace

std::string_view nameOf(BrakeState state) {
    switch (state) {
    case BrakeState::Normal: return "released";
    case BrakeState::Slowed: return "slowed";
    case BrakeState::Held: return "held";
    }
    return "released";
}

template <std::size_t N> void RunawayBrake::Sums<N>::add(std::int64_t amount, std::int64_t number) {
    const auto size = static_cast<std::int64_t>(N);
    for (std::int64_t i = std::max(span + 1, number - size + 1); i <= number; ++i)
        sums[static_cast<std::size_t>(i % size)] = 0;
    span = std::max(span, number);
    std::int64_t& sum = sums[static_cast<std::size_t>(span % size)];
    if (__builtin_add_overflow(sum, amount, &sum))
        sum = std::numeric_limits<std::int64_t>::max();
}

template <std::size_t N> std::int64_t RunawayBrake::Sums<N>::total(std::int64_t number) const {
    const auto size = static_cast<std::int64_t>(N);
    std::int64_t sum = 0;
    for (std::int64_t i = std::max<std::int64_t>({0, number - size + 1, span - size + 1}); i <= std::min(span, number); ++i) {
        if (__builtin_add_overflow(sum, sums[static_cast<std::size_t>(i % size)], &sum))
            return std::numeric_limits<std::int64_t>::max();
    }
    return sum;
}

void RunawayBrake::configure(const gateway_verbs::Brake& settings, SteadyTime now) {
    m_settings = settings;
    m_settings.identicalWithinSeconds = std::clamp<std::int64_t>(settings.identicalWithinSeconds, 0, longestMemory);
    std::erase_if(m_people, [now](const auto& entry) {
        const Person& person = entry.second;
        return person.report.state != BrakeState::Held && isQuiet(person, now) && now - person.lastSeen > 1h;
    });
}

bool RunawayBrake::isQuiet(const Person& person, SteadyTime now) {
    return now - person.lastSignal >= quiet;
}

RunawayBrake::Person& RunawayBrake::personOf(std::string_view user) {
    if (const auto it = m_people.find(user); it != m_people.end())
        return it->second;
    Person& person = m_people.emplace(user, Person{}).first->second;
    person.report.user = user;
    return person;
}

// How often, this time included; `within` counts from the first.
std::int64_t RunawayBrake::seeAgain(SeenLately& lately, std::uint64_t what, SteadyTime now, SteadyTime::duration within) {
    auto it = std::ranges::find(lately, what, &Seen::what);
    if (it == lately.end() || now - it->first > within) {
        if (it == lately.end())
            it = std::prev(it); // the one that was not seen for longest
        *it = {what, now, 0};
    }
    std::rotate(lately.begin(), it, std::next(it));
    return ++lately.front().times;
}

std::optional<RunawayBrake::Signal> RunawayBrake::signalOf(Person& person, const Request& request, SteadyTime now) const {
    // All are counted before one is answered, so that a signal that is switched off or comes first hides no other.
    const auto within = std::chrono::seconds(m_settings.identicalWithinSeconds);
    const std::int64_t contents = request.content == 0 ? 0 : seeAgain(person.contents, request.content, now, within);
    const std::uint64_t call = request.toolCall * 0x9e3779b97f4a7c15U ^ request.run; // the same call in another run is another one
    const std::int64_t calls = request.toolCall == 0 ? 0 : seeAgain(person.toolCalls, call == 0 ? 1 : call, now, 1h);
    person.requests.add(1, numberOf<Minute>(now));
    const std::int64_t requests = person.requests.total(numberOf<Minute>(now));
    const std::int64_t spending = person.spending.total(numberOf<FiveMinutes>(now));

    if (m_settings.identicalRequests > 0 && m_settings.identicalWithinSeconds > 0 && contents >= m_settings.identicalRequests)
        return Signal{"identical_requests",
                      "The same request came " + std::to_string(contents) + " times within " + spanText(within) + ".",
                      {{"times", contents}, {"limit", m_settings.identicalRequests}, {"withinSeconds", m_settings.identicalWithinSeconds}}};
    if (m_settings.identicalToolCalls > 0 && calls >= m_settings.identicalToolCalls)
        return Signal{"identical_tool_calls",
                      "The same tool was called with the same arguments " + std::to_string(calls) + " times in one run.",
                      {{"times", calls}, {"limit", m_settings.identicalToolCalls}}};
    if (m_settings.requestsPerTenMinutes > 0 && requests > m_settings.requestsPerTenMinutes)
        return Signal{"requests_per_ten_minutes",
                      std::to_string(requests) + " requests came within ten minutes; " + std::to_string(m_settings.requestsPerTenMinutes) + " are usual at most.",
                      {{"times", requests}, {"limit", m_settings.requestsPerTenMinutes}}};
    std::int64_t usual = 0;
    if (__builtin_mul_overflow(m_settings.spendTimesUsual, request.usualNanosPerHour, &usual))
        usual = std::numeric_limits<std::int64_t>::max();
    const std::int64_t limit = std::max(usual, m_settings.spendFloorNanos);
    if (m_settings.spendTimesUsual > 0 && request.usualNanosPerHour > 0 && spending > limit)
        return Signal{"spend_far_over_usual",
                      moneyText(spending) + " was spent within an hour; " + moneyText(request.usualNanosPerHour) + " is usual.",
                      {{"spent", spending}, {"limit", limit}, {"usual", request.usualNanosPerHour}}};
    return std::nullopt;
}

RunawayBrake::Verdict RunawayBrake::check(const Request& request, SteadyTime now, WallTime wall) {
    Person& person = personOf(request.user);
    Verdict verdict;
    person.lastSeen = now;
    BrakeReport& report = person.report;
    if (report.state == BrakeState::Slowed && isQuiet(person, now)) {
        report = BrakeReport{std::string(request.user), BrakeState::Normal, {}, {}, {}, wall};
        person.signals = 0;
        verdict.change = report;
    }
    if (report.state == BrakeState::Held || (report.state == BrakeState::Slowed && now < person.nextAt)) {
        verdict.refusal = refusalOf(person, now);
        return verdict;
    }
    auto signal = signalOf(person, request, now);
    if (signal) {
        ++person.signals;
        person.lastSignal = now;
        person.pause = person.signals == 1 ? firstPause : std::min<std::chrono::milliseconds>(longestPause, person.pause * 2);
        const BrakeState state = person.signals >= strikes ? BrakeState::Held : BrakeState::Slowed;
        const bool changed = state != report.state;
        report.rule = signal->rule;
        report.sentence = std::move(signal->sentence);
        report.numbers = std::move(signal->numbers);
        if (changed) {
            report.state = state;
            report.since = wall;
            verdict.change = report;
        }
        if (state == BrakeState::Held)
            verdict.refusal = refusalOf(person, now);
    }
    person.nextAt = now + person.pause; // means something while slowed only
    return verdict;
}

void RunawayBrake::spent(std::string_view user, std::int64_t nanos, SteadyTime now) {
    personOf(user).spending.add(std::max<std::int64_t>(0, nanos), numberOf<FiveMinutes>(now));
}

BrakeReport RunawayBrake::hold(std::string_view user, std::string_view sentence, WallTime wall) {
    BrakeReport& report = personOf(user).report;
    report = BrakeReport{std::string(user), BrakeState::Held, "held_by_admin", std::string(sentence), {}, wall};
    return report;
}

std::optional<BrakeReport> RunawayBrake::release(std::string_view user, WallTime wall) {
    const auto it = m_people.find(user);
    if (it == m_people.end() || it->second.report.state == BrakeState::Normal)
        return std::nullopt;
    m_people.erase(it);
    return BrakeReport{std::string(user), BrakeState::Normal, {}, {}, {}, wall};
}

BrakeState RunawayBrake::stateOf(std::string_view user, SteadyTime now) const {
    const auto it = m_people.find(user);
    if (it == m_people.end() || (it->second.report.state == BrakeState::Slowed && isQuiet(it->second, now)))
        return BrakeState::Normal;
    return it->second.report.state;
}

std::vector<BrakeReport> RunawayBrake::reports(SteadyTime now) const {
    std::vector<BrakeReport> found;
    for (const auto& [user, person] : m_people) {
        if (stateOf(user, now) != BrakeState::Normal)
            found.push_back(person.report);
    }
    std::ranges::sort(found, {}, &BrakeReport::user);
    return found;
}

RefusalReason RunawayBrake::refusalOf(const Person& person, SteadyTime now) {
    const BrakeReport& report = person.report;
    const bool held = report.state == BrakeState::Held;
    RefusalReason reason;
    reason.kind = held ? Refusal::NotAllowed : Refusal::TooMany;
    reason.rule = held ? "held" : "slowed";
    reason.numbers = report.numbers;
    reason.numbers.push_back({"cause", std::string(report.rule)});
    if (held) {
        reason.sentence = "Your requests are held: " + report.sentence + " Ask the admin to release them once it is clear why.";
        reason.change = "An admin releases the person on the People page, or with clawloopsctl.";
        return reason;
    }
    reason.retryAfter = std::chrono::ceil<std::chrono::milliseconds>(person.nextAt - now);
    reason.numbers.push_back({"signals", std::int64_t(person.signals)});
    reason.sentence = "Your requests are slowed down: " + report.sentence + " Look whether an agent is running in a circle; the next one is let in in " +
                      spanText(reason.retryAfter) + ".";
    reason.change = "It ends by itself ten minutes after the last such request, or when an admin releases the person.";
    return reason;
}

} // namespace clawloops::model
