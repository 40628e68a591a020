// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Any order of admit, finish, configure and time: no more is under way than may be, and whoever comes again when they were told to is
// not refused by the same limit. Also prices of any text, and what tokens cost by them.
#include "choices.h"
#include "fuzz.h"

#include "model/price.h"
#include "model/rate_limits.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>
#include <vector>

namespace clawloops::fuzz {
namespace {

using namespace model;

const std::array<std::string, 3> keys{"", "key_a", "key_b"};
const std::array<std::string, 2> people{"ada", "bob"};
const std::array<std::string, 2> routes{"big", "small"};

class Trial {
public:
    explicit Trial(Choices choices) : m_choices(choices) {}

    void run() {
        for (int step = 0; step < 400 && m_choices.left(); ++step) {
            switch (m_choices.below(8)) {
            case 0: case 1: case 2: case 3: admit(); break;
            case 4: case 5: finish(); break;
            case 6: m_now += std::chrono::milliseconds(m_choices.amount()); break;
            default: configure(); break;
            }
        }
    }

private:
    void configure() {
        m_streams = {0, 0, 0};
        std::vector<gateway_verbs::Limit> limits;
        for (const auto& [scope, streams] : {std::pair("key", &m_streams[0]), std::pair("person", &m_streams[1]), std::pair("route", &m_streams[2])}) {
            if (m_choices.byte() % 2)
                limits.push_back({scope, "", m_choices.byte() % 20, m_choices.amount(), *streams = m_choices.byte() % 5});
        }
        require(m_limits.configure(limits, m_now).ok(), "these limits are right");
    }
    void admit() {
        const std::array subjects{keys[m_choices.below(3)], people[m_choices.below(2)], routes[m_choices.below(2)]};
        const RateLimits::Request request{subjects[0], subjects[1], subjects[2],
                                          m_choices.byte() % 16 == 0 ? m_choices.number() >> 12 : m_choices.amount()};
        auto outcome = m_limits.admit(request, m_now);
        if (const auto* refusal = std::get_if<LimitRefusal>(&outcome)) {
            require(refusal->limit > 0 && !refusal->reason().sentence.empty() && refusal->retryAfter.count() > 0, "a refusal says why and when");
            if (refusal->which == LimitOf::Streams)
                return;
            RateLimits later = m_limits;
            const auto again = later.admit(request, m_now + refusal->retryAfter);
            const auto* once = std::get_if<LimitRefusal>(&again);
            require(!once || once->which != refusal->which || once->scope != refusal->scope, "who waited as told is not refused for the same");
            return;
        }
        m_under.emplace_back(std::move(std::get<0>(outcome)), subjects);
        for (std::size_t i = 0; i < 3; ++i) {
            const auto same = std::ranges::count_if(m_under, [&](const auto& one) { return one.second[i] == subjects[i]; });
            require(m_streams[i] == 0 || subjects[i].empty() || same <= m_streams[i], "no more at once than may be");
        }
        const auto headers = m_limits.headers(request, m_now);
        for (const auto& window : {headers.requests, headers.tokens})
            require(!window || (window->remaining >= 0 && window->remaining <= window->limit && window->reset.count() >= 0), "a header is within its limit");
    }
    void finish() {
        if (m_under.empty())
            return;
        std::swap(m_under[m_choices.below(m_under.size())], m_under.back());
        if (m_choices.byte() % 4)
            m_under.back().first.finish(m_choices.amount());
        m_under.pop_back();
    }

    Choices m_choices;
    SteadyTime m_now{std::chrono::hours(1)};
    RateLimits m_limits;
    std::array<std::int64_t, 3> m_streams{};
    std::vector<std::pair<Admission, std::array<std::string, 3>>> m_under; // before their limits
};

void prices(std::string_view input) {
    const std::size_t end = std::min(input.find('\n'), input.size());
    const auto object = parseObject(input.substr(0, end));
    if (!object)
        return;
    const auto price = gateway_verbs::priceFromJson(*object);
    if (!price)
        return;
    Choices choices(input.substr(end));
    const Tokens tokens{choices.number(), choices.number(), choices.number(), choices.number()};
    const auto cost = costOf(*price, tokens);
    require(!isKnown(*price) || cost, "a known price has a cost");
    require(!cost || *cost >= 0, "nothing costs less than nothing");
    const auto atMost = costAtMost(*price, tokens.in, tokens.out);
    require(!cost || !atMost || *atMost >= *cost, "at most is at most");
    const auto both = costOf(dearest(*price, *price), tokens);
    require(!cost || !both || *both == *cost, "the dearest of the same is the same");
    require(moneyText(cost.value_or(tokens.in)).find('$') != std::string::npos, "money has its sign");
}

} // namespace

void take(std::string_view input) {
    if (input.starts_with('{'))
        prices(input);
    else
        Trial(Choices(input)).run();
}

} // namespace clawloops::fuzz
