// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/clock.h"
#include "model/refusal_reason.h"
#include "model/text_map.h"

#include <array>
#include <chrono>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <variant>
#include <vector>

namespace clawloops::model {

enum class QueueKind { Interactive, Batch };

struct QueueRefusal {
    bool ofPerson = false; // their own places are taken, not all of them
    std::int64_t waiting = 0;
    std::int64_t limit = 0;
    std::chrono::milliseconds wait{0}; // until about one place is free; 0: not known

    [[nodiscard]] RefusalReason reason() const;
};
// For the one whose entry an admin dropped.
[[nodiscard]] RefusalReason droppedByAdmin();

struct QueueEntry {
    std::uint64_t ticket = 0;
    std::string_view user; // as long as the queue
    QueueKind kind = QueueKind::Interactive;
    SteadyTime since{};
    std::int64_t position = 0; // 1: the next one
    std::chrono::milliseconds wait{0}; // expected; 0: nothing has ended yet from which to tell
};

// Who is next at a target that works on `slots` requests at once. Fair by tokens (virtual token counters, "Fairness in Serving Large
// Language Models", OSDI 2024): each person has a counter of what they were served, prompt tokens and twice the answer's; the next
// request is of the person whose counter is lowest.
//
// | what                              | counter of the person                                                    |
// |-----------------------------------|--------------------------------------------------------------------------|
// | comes with nothing of theirs waiting | at least the lowest of those who wait; nobody waits: of the one who was last let go |
// | next() lets one go                | + prompt tokens                                                          |
// | charge(), finish()                | + 2 × the answer's tokens that are new                                   |
// So who was away has not saved up, and who uses the target alone owes nothing to those who come later.
//
// Order: what an admin moved to the front, then interactive, then batch; within a kind by counter, within a person first come first
// served. Batch waits as long as interactive requests do. One thread. Each operation is logarithmic in those who wait, entry()
// goes through those before it and entries() through all.
class FairQueue {
public:
    // slots 0: any number, nobody waits.
    explicit FairQueue(std::int64_t slots, std::size_t most = 256, std::size_t mostOfPerson = 16)
        : m_slots(slots), m_most(most), m_mostOfPerson(mostOfPerson) {}
    void setSlots(std::int64_t slots) { m_slots = slots; }

    // Then call next() until it has none: the new one may be let go at once. A ticket ends with finish(), cancel() or drop().
    [[nodiscard]] std::variant<std::uint64_t, QueueRefusal> enqueue(std::string_view user, QueueKind kind, std::int64_t promptTokens,
                                                                    SteadyTime now);
    // The one that is to be sent now, which takes a slot; none: no slot is free, or nobody waits.
    [[nodiscard]] std::optional<std::uint64_t> next(SteadyTime now);
    // Its answer has so many tokens until now, from the beginning.
    void charge(std::uint64_t ticket, std::int64_t answerTokens);
    // It has ended, with so many tokens in all; its slot is free.
    void finish(std::uint64_t ticket, std::int64_t answerTokens, SteadyTime now);
    // Its client left: a waiting one goes, of a sent one the slot is free and what was charged stays. Unknown tickets: nothing.
    void cancel(std::uint64_t ticket);
    // By an admin, of waiting ones only; false: it is not waiting any more.
    bool moveToFront(std::uint64_t ticket);
    bool drop(std::uint64_t ticket);

    [[nodiscard]] std::optional<QueueEntry> entry(std::uint64_t ticket) const; // of a waiting one
    [[nodiscard]] std::vector<QueueEntry> entries() const; // in their order
    [[nodiscard]] std::size_t waiting() const { return m_waiting; }
    [[nodiscard]] std::int64_t running() const { return m_running; }
    [[nodiscard]] std::int64_t counterOf(std::string_view user) const;

private:
    struct Place { // of a waiting one
        std::uint64_t ticket;
        std::int64_t prompt;
    };
    struct User {
        std::string name;
        std::int64_t counter = 0;
        std::size_t waiting = 0;
        std::int64_t frontTokens = 0; // of those that an admin moved: they go before all others of theirs
        std::array<std::vector<Place>, 2> places; // by kind
    };
    struct Entry {
        std::uint32_t user = 0;
        QueueKind kind = QueueKind::Interactive;
        std::int64_t prompt = 0;
        std::int64_t charged = 0; // answer tokens
        SteadyTime since{};
        SteadyTime sentAt{};
        bool sent = false;
        bool front = false;
    };
    std::uint32_t numberOf(std::string_view user);
    void raise(std::uint32_t user, std::int64_t by);
    void leave(std::uint64_t ticket, const Entry& entry);
    [[nodiscard]] std::chrono::milliseconds waitAt(std::int64_t position) const;
    [[nodiscard]] std::int64_t counterAt(const User& user, QueueKind kind) const;
    [[nodiscard]] std::int64_t positionOf(std::uint64_t ticket, const Entry& entry) const;

    std::int64_t m_slots;
    std::size_t m_most;
    std::size_t m_mostOfPerson;
    std::uint64_t m_lastTicket = 0;
    std::size_t m_waiting = 0;
    std::int64_t m_running = 0;
    std::optional<std::uint32_t> m_lastGone;
    double m_service = 0; // moving average, milliseconds
    TextMap<std::uint32_t> m_numbers;
    std::deque<User> m_users;
    std::unordered_map<std::uint64_t, Entry> m_entries;
    std::array<std::vector<std::pair<std::int64_t, std::uint32_t>>, 2> m_order; // by kind, sorted: counter and person of those who wait
    std::deque<std::uint64_t> m_front;
};

} // namespace clawloops::model
