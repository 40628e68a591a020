// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Any order of what can happen to a queue: nobody is lost or served twice, whoever is shown as the next one is the next one, and no
// bound is passed.
#include "choices.h"
#include "fuzz.h"

#include "model/fair_queue.h"

#include <algorithm>
#include <map>
#include <string>
#include <vector>

namespace clawloops::fuzz {
namespace {

using namespace model;

constexpr std::size_t most = 20;
constexpr std::size_t mostOfPerson = 6;

class Trial {
public:
    explicit Trial(Choices choices) : m_choices(choices), m_slots(static_cast<std::int64_t>(m_choices.below(4))), m_queue(m_slots, most, mostOfPerson) {}

    void run() {
        for (int step = 0; step < 400 && m_choices.left(); ++step) {
            m_now += std::chrono::milliseconds(m_choices.byte());
            switch (m_choices.below(10)) {
            case 0: case 1: case 2: enqueue(); break;
            case 3: case 4: next(); break;
            case 5: finish(); break;
            case 6: m_queue.charge(any(m_running), m_choices.amount()); break;
            case 7: cancel(); break;
            case 8: move(); break;
            default: drop(); break;
            }
            compare();
        }
    }

private:
    std::uint64_t any(const std::vector<std::uint64_t>& tickets) { return tickets.empty() ? m_choices.byte() : tickets[m_choices.below(tickets.size())]; }
    static bool has(const std::vector<std::uint64_t>& tickets, std::uint64_t ticket) { return std::ranges::count(tickets, ticket) > 0; }

    void enqueue() {
        const std::string user(1, static_cast<char>('a' + m_choices.below(5)));
        const QueueKind kind = m_choices.byte() % 3 == 0 ? QueueKind::Batch : QueueKind::Interactive;
        const std::int64_t prompt = m_choices.byte() % 16 == 0 ? m_choices.number() : m_choices.amount();
        const auto outcome = m_queue.enqueue(user, kind, prompt, m_now);
        const auto own = static_cast<std::size_t>(std::ranges::count_if(m_waiting, [&](std::uint64_t ticket) { return m_userOf.at(ticket) == user; }));
        const bool full = own >= mostOfPerson || m_waiting.size() >= most;
        require(full == (outcome.index() == 1), "a place is refused when there is none");
        if (full) {
            require(!std::get<1>(outcome).reason().sentence.empty(), "a refusal says why");
            return;
        }
        const std::uint64_t ticket = std::get<0>(outcome);
        require(!m_userOf.contains(ticket), "a ticket is given once");
        m_userOf[ticket] = user;
        m_waiting.push_back(ticket);
    }
    void next() {
        const auto shown = m_queue.entries();
        const auto ticket = m_queue.next(m_now);
        const bool free = m_slots == 0 || static_cast<std::int64_t>(m_running.size()) < m_slots;
        require(ticket.has_value() == (free && !m_waiting.empty()), "nobody waits beside a free slot");
        if (!ticket)
            return;
        require(shown.front().ticket == *ticket, "who is shown as the next is the next");
        require(std::erase(m_waiting, *ticket) == 1, "who is let go was waiting");
        m_running.push_back(*ticket);
    }
    void finish() {
        const std::uint64_t ticket = any(m_running);
        m_queue.finish(ticket, m_choices.amount(), m_now);
        std::erase(m_running, ticket);
    }
    void cancel() {
        const std::uint64_t ticket = any(m_choices.byte() % 2 ? m_waiting : m_running);
        m_queue.cancel(ticket);
        std::erase(m_waiting, ticket);
        std::erase(m_running, ticket);
    }
    void move() {
        const std::uint64_t ticket = any(m_waiting);
        const bool moved = m_queue.moveToFront(ticket);
        require(moved == has(m_waiting, ticket), "only who waits is moved");
        require(!moved || m_queue.entry(ticket)->position == 1, "the front is the front");
    }
    void drop() {
        const std::uint64_t ticket = any(m_waiting);
        require(m_queue.drop(ticket) == has(m_waiting, ticket), "only who waits is dropped");
        std::erase(m_waiting, ticket);
    }

    void compare() {
        require(m_queue.waiting() == m_waiting.size(), "nobody is lost");
        require(m_queue.running() == static_cast<std::int64_t>(m_running.size()), "no slot is lost");
        const auto entries = m_queue.entries();
        require(entries.size() == m_waiting.size(), "all are shown");
        for (std::size_t i = 0; i < entries.size(); ++i) {
            require(has(m_waiting, entries[i].ticket) && m_userOf.at(entries[i].ticket) == entries[i].user, "who is shown is waiting");
            require(entries[i].position == static_cast<std::int64_t>(i) + 1, "positions are counted");
            require(m_queue.entry(entries[i].ticket)->position == entries[i].position, "one is told what all are shown");
            require(entries[i].wait.count() >= 0, "nobody waits less than nothing");
        }
        for (auto& [user, before] : m_counters) {
            const std::int64_t counter = m_queue.counterOf(user);
            require(counter >= before, "what was served stays served");
            before = counter;
        }
    }

    Choices m_choices;
    std::int64_t m_slots;
    FairQueue m_queue;
    SteadyTime m_now{std::chrono::hours(1)};
    std::vector<std::uint64_t> m_waiting;
    std::vector<std::uint64_t> m_running;
    std::map<std::uint64_t, std::string> m_userOf;
    std::map<std::string, std::int64_t> m_counters{{"a", 0}, {"b", 0}, {"c", 0}, {"d", 0}, {"e", 0}};
};

} // namespace

void take(std::string_view input) {
    Trial(Choices(input)).run();
}

} // namespace clawloops::fuzz
