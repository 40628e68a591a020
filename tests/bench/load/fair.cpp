// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The rules alone, without a gateway around them: how evenly the queue shares a target among ten people of whom one is greedy, what
// a passage through it costs with 1,000 waiting, and what budgets, limits and brake cost a request with 1,000 people and 100 routes.
// Prints one JSON object; times are medians of rounds, in microseconds.
#include "model/budget_ledger.h"
#include "model/fair_queue.h"
#include "model/rate_limits.h"
#include "model/runaway_brake.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <map>
#include <queue>
#include <random>
#include <string>
#include <vector>

using namespace clawloops;
using namespace clawloops::model;
using namespace std::chrono_literals;

namespace {

constexpr int rounds = 21;

// Median over the rounds of the time that one of `times` takes.
double microseconds(int times, const std::function<void(int)>& one) {
    std::vector<double> seen;
    for (int round = 0; round < rounds; ++round) {
        const auto begin = std::chrono::steady_clock::now();
        for (int i = 0; i < times; ++i)
            one(i);
        seen.push_back(std::chrono::duration<double, std::micro>(std::chrono::steady_clock::now() - begin).count() / times);
    }
    std::ranges::sort(seen);
    return seen[rounds / 2];
}

struct Job {
    int person;
    std::int64_t prompt;
    std::int64_t answer;
};

// A target of four slots for as long as 20,000 requests take. Everybody always has something waiting, the greedy one as much as may wait.
double jain() {
    FairQueue queue(4);
    std::mt19937 random(1);
    std::map<std::uint64_t, Job> jobs;
    std::vector<double> served(10);
    std::vector<std::size_t> waiting(10);
    using End = std::pair<std::int64_t, std::uint64_t>;
    std::priority_queue<End, std::vector<End>, std::greater<>> ends;
    std::int64_t now = 0;
    const auto at = [&] { return SteadyTime(std::chrono::milliseconds(now)); };
    for (int step = 0; step < 20'000; ++step) {
        for (int person = 0; person < 10; ++person) {
            const bool greedy = person == 0;
            while (waiting[static_cast<std::size_t>(person)] < (greedy ? 16U : 1U)) {
                Job job{person, 100 + static_cast<std::int64_t>(random() % 900), 50 + static_cast<std::int64_t>(random() % 450)};
                if (greedy)
                    job = {person, job.prompt * 8, job.answer * 4};
                jobs[std::get<0>(queue.enqueue("user" + std::to_string(person), QueueKind::Interactive, job.prompt, at()))] = job;
                ++waiting[static_cast<std::size_t>(person)];
            }
        }
        while (const auto ticket = queue.next(at())) {
            const Job& job = jobs.at(*ticket);
            --waiting[static_cast<std::size_t>(job.person)];
            ends.emplace(now + 1 + job.prompt / 10 + job.answer * 10, *ticket);
        }
        const auto [end, ticket] = ends.top();
        ends.pop();
        now = end;
        const Job job = jobs.at(ticket);
        jobs.erase(ticket);
        queue.finish(ticket, job.answer, at());
        served[static_cast<std::size_t>(job.person)] += static_cast<double>(job.prompt + 2 * job.answer);
    }
    double sum = 0;
    double squares = 0;
    for (const double tokens : served) {
        sum += tokens;
        squares += tokens * tokens;
    }
    return sum * sum / (10 * squares);
}

struct Costs {
    double passage; // comes, is let go, has its answer counted once, ends
    double position;
};
Costs queueCosts(int people) {
    FairQueue queue(8, 1001, 1000);
    std::vector<std::string> names;
    std::mt19937 random(2);
    std::vector<std::uint64_t> running;
    for (int i = 0; i < people; ++i)
        names.push_back("usr_" + std::to_string(i));
    const auto enqueue = [&](int i) {
        return std::get<0>(queue.enqueue(names[static_cast<std::size_t>(i % people)], QueueKind::Interactive, static_cast<std::int64_t>(random() % 4000), {}));
    };
    for (int i = 0; i < 8; ++i) {
        (void)enqueue(i);
        running.push_back(*queue.next({}));
    }
    std::uint64_t last = 0;
    for (int i = 0; i < 1000; ++i)
        last = enqueue(i);
    Costs costs{};
    costs.position = microseconds(2000, [&](int i) {
        if (const auto entry = queue.entry(last - static_cast<std::uint64_t>(i % 900)); entry && entry->position < 1)
            std::abort();
    });
    costs.passage = microseconds(2000, [&](int i) {
        (void)enqueue(static_cast<int>(random() % 1'000'000));
        auto& slot = running[static_cast<std::size_t>(i % 8)];
        queue.charge(slot, 50);
        queue.finish(slot, 200, {});
        slot = *queue.next({});
    });
    if (queue.waiting() != 1000)
        std::abort();
    return costs;
}

gateway_verbs::Configuration configuration() {
    gateway_verbs::Configuration all;
    all.baseline = {"spool", 0};
    for (int i = 0; i < 1000; ++i)
        all.people.push_back({"usr_" + std::to_string(i), "", "user", {"grp_" + std::to_string(i % 20)}, {}, 1'000'000'000});
    for (int i = 0; i < 100; ++i)
        all.routes.emplace_back().name = "route-" + std::to_string(i);
    const auto budget = [&](const char* id, const char* scope, const char* unit, const char* window) {
        auto& one = all.budgets.emplace_back();
        one.id = id;
        one.scope = scope;
        one.unit = unit;
        one.window = window;
        one.limit = std::int64_t(1) << 60;
    };
    budget("bud_1", "person", "money", "day");
    budget("bud_2", "group", "money", "month");
    budget("bud_3", "route", "tokens", "week");
    budget("bud_4", "all", "money", "month");
    budget("bud_5", "all", "money", "run");
    all.limits = {{"person", "", 1'000'000, 1'000'000'000'000, 1000}, {"route", "", 10'000'000, 1'000'000'000'000, 10'000}};
    all.brake.requestsPerTenMinutes = 1'000'000'000;
    return all;
}

double governanceCost() {
    const auto all = configuration();
    BudgetLedger ledger("spool");
    RateLimits limits;
    RunawayBrake brake;
    const WallTime wall = fromUnixSeconds(1'800'000'000);
    SteadyTime now(1h);
    if (!ledger.configure(all, wall).ok() || !limits.configure(all.limits, now).ok())
        std::abort();
    brake.configure(all.brake, now);
    std::vector<std::string> traces;
    for (int i = 0; i < 4096; ++i) {
        char text[33];
        std::snprintf(text, sizeof text, "%032x", i);
        traces.emplace_back(text);
    }
    std::mt19937_64 random(3);
    std::int64_t seq = 0;
    return microseconds(20'000, [&](int i) {
        now += 50us;
        const auto& user = all.people[random() % 1000].user;
        const auto& route = all.routes[random() % 100].name;
        if (brake.check({user, 1, random(), random(), 1'000'000'000}, now, wall).refusal)
            std::abort();
        auto admission = limits.admit({{}, user, route, 3000}, now);
        auto reservation = ledger.reserve({user, route, traces[static_cast<std::size_t>(i) % 4096], 5000, 3000}, wall);
        if (admission.index() != 0 || reservation.index() != 0)
            std::abort();
        ledger.commit(std::move(std::get<0>(reservation)), ++seq, 800, 2000, wall);
        std::get<0>(admission).finish(800);
        brake.spent(user, 2000, now);
    });
}

} // namespace

int main() {
    const Costs few = queueCosts(100);
    const Costs many = queueCosts(1000);
    std::printf(R"({"jain":%.4f,"queue_us":%.2f,"position_us":%.2f,"governance_us":%.2f})" "\n", jain(), std::max(few.passage, many.passage),
                std::max(few.position, many.position), governanceCost());
    return 0;
}
