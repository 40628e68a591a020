// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/clock.h"
#include "model/refusal_reason.h"
#include "model/text_map.h"
#include "wire/gateway_configuration.h"

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace clawloops::model {

enum class BrakeState { Normal, Slowed, Held };
[[nodiscard]] std::string_view nameOf(BrakeState state); // "slowed"; Normal is "released", as the event says it

// Somebody's brake: what is shown, and what the event says when it has changed.
struct BrakeReport {
    std::string user;
    BrakeState state = BrakeState::Normal;
    std::string_view rule; // what brought it about: a signal of the table below, or "held_by_admin"
    std::string sentence;
    std::vector<RefusalNumber> numbers; // at that moment
    WallTime since{};
};

// Stops agents that run away, per person: slows first, then holds until an admin releases.
//
// | signal (`rule`)         | when a request comes, it was seen                                     | settings (0: off)                          |
// |-------------------------|-----------------------------------------------------------------------|--------------------------------------------|
// | identical_requests      | the same content n times within T of the first of them                | identicalRequests, identicalWithinSeconds  |
// | identical_tool_calls    | the same last tool call n times in one run, within an hour of the first | identicalToolCalls                       |
// | requests_per_ten_minutes | more than n requests in the last 10 minutes                          | requestsPerTenMinutes                      |
// | spend_far_over_usual    | spent in the last hour more than f times the usual, and than the floor | spendTimesUsual, spendFloorNanos          |
// Heartbeat storms are caught by the number of requests alone: how even the time between them is says nothing, a loop's requests are
// as uneven as the model's answers, and a timer's at an hour's distance are even and harmless. Nobody types one a second for 10 minutes.
// Whose usual spending is not known (0) is not judged by it; their budgets are. A loop through more than 8 contents is no longer seen
// as identical, but still as many.
//
// | state  | a request without a signal  | with one                                                   | time                       | release | hold |
// |--------|-----------------------------|------------------------------------------------------------|----------------------------|---------|------|
// | normal | let in                      | let in; slowed: the next after 2 s                         |                            |         | held |
// | slowed | before its time: refused, with Retry-After; else let in, the next after the same pause | let in, pause doubled up to 60 s; at the 7th signal refused and held | 10 minutes without a signal: normal | normal | held |
// | held   | refused                     | refused                                                    | stays                      | normal  | held |
// A release forgets what was seen, or the next request would be the next signal. Refused requests are not counted.
// In memory only. One thread; one look-up a request, no allocation for somebody who is known.
class RunawayBrake {
public:
    static constexpr int strikes = 7; // signals until held
    static constexpr std::chrono::seconds firstPause{2};
    static constexpr std::chrono::seconds longestPause{60};
    static constexpr std::chrono::minutes quiet{10};

    // Also forgets whom nothing is to be remembered of.
    void configure(const gateway_verbs::Brake& settings, SteadyTime now);

    struct Request {
        std::string_view user;
        std::uint64_t run = 0; // of the trace id; 0: none, all of the person's are one run
        std::uint64_t content = 0; // fingerprints; 0: nothing to compare
        std::uint64_t toolCall = 0; // of the last tool call; 0: there is none
        std::int64_t usualNanosPerHour = 0; // 0: not known
    };
    struct Verdict {
        std::optional<RefusalReason> refusal; // none: let in
        std::optional<BrakeReport> change; // an event
    };
    [[nodiscard]] Verdict check(const Request& request, SteadyTime now, WallTime wall);
    void spent(std::string_view user, std::int64_t nanos, SteadyTime now);

    // By an admin. The reports are the events; none: nothing has changed.
    BrakeReport hold(std::string_view user, std::string_view sentence, WallTime wall);
    std::optional<BrakeReport> release(std::string_view user, WallTime wall);

    [[nodiscard]] BrakeState stateOf(std::string_view user, SteadyTime now) const;
    [[nodiscard]] std::vector<BrakeReport> reports(SteadyTime now) const; // who is slowed or held
    [[nodiscard]] std::size_t remembered() const { return m_people.size(); }

private:
    struct Seen {
        std::uint64_t what = 0;
        SteadyTime first{};
        std::int64_t times = 0;
    };
    using SeenLately = std::array<Seen, 8>; // the last one first
    template <std::size_t N> struct Sums { // by spans of equal length, the last N of them
        std::array<std::int64_t, N> sums{};
        std::int64_t span = 0; // number of the last one that was written
        void add(std::int64_t amount, std::int64_t number);
        [[nodiscard]] std::int64_t total(std::int64_t number) const;
    };
    struct Person {
        SeenLately contents{};
        SeenLately toolCalls{};
        Sums<10> requests{}; // minutes
        Sums<12> spending{}; // five minutes
        int signals = 0;
        SteadyTime lastSignal{};
        SteadyTime lastSeen{};
        SteadyTime nextAt{};
        std::chrono::milliseconds pause{0};
        BrakeReport report; // state Normal: nothing to show
    };
    struct Signal {
        std::string_view rule;
        std::string sentence;
        std::vector<RefusalNumber> numbers;
    };
    static std::int64_t seeAgain(SeenLately& lately, std::uint64_t what, SteadyTime now, SteadyTime::duration within);
    [[nodiscard]] std::optional<Signal> signalOf(Person& person, const Request& request, SteadyTime now) const;
    static bool isQuiet(const Person& person, SteadyTime now);
    Person& personOf(std::string_view user);
    [[nodiscard]] static RefusalReason refusalOf(const Person& person, SteadyTime now);

    gateway_verbs::Brake m_settings;
    TextMap<Person> m_people;
};

} // namespace clawloops::model
