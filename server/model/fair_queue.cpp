// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/fair_queue.h"

#include <algorithm>
#include <limits>
#include <tuple>

namespace clawloops::model {
namespace {

constexpr std::int64_t answerWeight = 2;
constexpr double newest = 0.1; // of the moving average
constexpr std::int64_t mostTokens = std::int64_t(1) << 40; // of one request: no sum of them overflows

std::size_t indexOf(QueueKind kind) {
    return static_cast<std::size_t>(kind);
}

std::int64_t sane(std::int64_t tokens) {
    return std::clamp<std::int64_t>(tokens, 0, mostTokens);
}

// A sorted vector: a few hundred of 16 bytes are moved sooner than a tree's nodes are found.
using Turn = std::pair<std::int64_t, std::uint32_t>;
void put(std::vector<Turn>& order, const Turn& turn) {
    const auto it = std::ranges::lower_bound(order, turn);
    if (it == order.end() || *it != turn)
        order.insert(it, turn);
}
bool take(std::vector<Turn>& order, const Turn& turn) {
    const auto it = std::ranges::lower_bound(order, turn);
    if (it == order.end() || *it != turn)
        return false;
    order.erase(it);
    return true;
}

} // namespace

std::uint32_t FairQueue::numberOf(std::string_view user) {
    if (const auto it = m_numbers.find(user); it != m_numbers.end())
        return it->second;
    const auto number = static_cast<std::uint32_t>(m_users.size());
    m_users.emplace_back().name = user;
    m_numbers.emplace(user, number);
    return number;
}

void FairQueue::raise(std::uint32_t number, std::int64_t by) {
    User& user = m_users[number];
    const std::int64_t before = user.counter;
    user.counter += by;
    for (auto& order : m_order) {
        if (take(order, {before, number}))
            put(order, {user.counter, number});
    }
}

std::variant<std::uint64_t, QueueRefusal> FairQueue::enqueue(std::string_view name, QueueKind kind, std::int64_t promptTokens,
                                                             SteadyTime now) {
    const std::uint32_t number = numberOf(name);
    User& user = m_users[number];
    if (user.waiting >= m_mostOfPerson)
        return QueueRefusal{true, static_cast<std::int64_t>(user.waiting), static_cast<std::int64_t>(m_mostOfPerson), waitAt(1)};
    if (m_waiting >= m_most)
        return QueueRefusal{false, static_cast<std::int64_t>(m_waiting), static_cast<std::int64_t>(m_most), waitAt(1)};
    if (user.places[0].empty() && user.places[1].empty()) {
        std::int64_t floor = std::numeric_limits<std::int64_t>::max();
        for (const auto& order : m_order) {
            if (!order.empty())
                floor = std::min(floor, order.begin()->first);
        }
        if (m_order[0].empty() && m_order[1].empty())
            floor = m_lastGone ? m_users[*m_lastGone].counter : 0;
        user.counter = std::max(user.counter, floor);
    }
    const std::uint64_t ticket = ++m_lastTicket;
    const std::int64_t prompt = sane(promptTokens);
    Entry entry;
    entry.user = number;
    entry.kind = kind;
    entry.prompt = prompt;
    entry.since = now;
    m_entries.emplace(ticket, entry);
    user.places[indexOf(kind)].push_back({ticket, prompt});
    put(m_order[indexOf(kind)], {user.counter, number});
    ++user.waiting;
    ++m_waiting;
    return ticket;
}

// A waiting one's place is free.
void FairQueue::leave(std::uint64_t ticket, const Entry& entry) {
    User& user = m_users[entry.user];
    --m_waiting;
    --user.waiting;
    if (entry.front) {
        user.frontTokens -= entry.prompt;
        m_front.erase(std::ranges::find(m_front, ticket));
        return;
    }
    auto& places = user.places[indexOf(entry.kind)];
    places.erase(std::ranges::find(places, ticket, &Place::ticket));
    if (places.empty())
        take(m_order[indexOf(entry.kind)], {user.counter, entry.user});
}

std::optional<std::uint64_t> FairQueue::next(SteadyTime now) {
    if (m_waiting == 0 || (m_slots > 0 && m_running >= m_slots))
        return std::nullopt;
    std::uint64_t ticket = 0;
    if (!m_front.empty()) {
        ticket = m_front.front();
    } else {
        const std::size_t kind = m_order[0].empty() ? 1 : 0;
        ticket = m_users[m_order[kind].begin()->second].places[kind].front().ticket;
    }
    Entry& entry = m_entries.at(ticket);
    leave(ticket, entry);
    entry.sent = true;
    entry.front = false;
    entry.sentAt = now;
    ++m_running;
    m_lastGone = entry.user;
    raise(entry.user, entry.prompt);
    return ticket;
}

void FairQueue::charge(std::uint64_t ticket, std::int64_t answerTokens) {
    const auto it = m_entries.find(ticket);
    if (it == m_entries.end() || !it->second.sent)
        return;
    const std::int64_t more = sane(answerTokens) - it->second.charged;
    if (more <= 0)
        return;
    it->second.charged += more;
    raise(it->second.user, answerWeight * more);
}

void FairQueue::finish(std::uint64_t ticket, std::int64_t answerTokens, SteadyTime now) {
    const auto it = m_entries.find(ticket);
    if (it == m_entries.end() || !it->second.sent)
        return;
    charge(ticket, answerTokens);
    const double took = std::chrono::duration<double, std::milli>(std::max(SteadyTime::duration::zero(), now - it->second.sentAt)).count();
    m_service = m_service == 0 ? took : m_service + newest * (took - m_service);
    --m_running;
    m_entries.erase(it);
}

void FairQueue::cancel(std::uint64_t ticket) {
    const auto it = m_entries.find(ticket);
    if (it == m_entries.end())
        return;
    if (it->second.sent)
        --m_running;
    else
        leave(ticket, it->second);
    m_entries.erase(it);
}

bool FairQueue::moveToFront(std::uint64_t ticket) {
    const auto it = m_entries.find(ticket);
    if (it == m_entries.end() || it->second.sent)
        return false;
    leave(ticket, it->second);
    ++m_waiting;
    ++m_users[it->second.user].waiting;
    it->second.front = true;
    m_users[it->second.user].frontTokens += it->second.prompt;
    m_front.push_front(ticket);
    return true;
}

bool FairQueue::drop(std::uint64_t ticket) {
    const auto it = m_entries.find(ticket);
    if (it == m_entries.end() || it->second.sent)
        return false;
    cancel(ticket);
    return true;
}

std::int64_t FairQueue::counterOf(std::string_view user) const {
    const auto it = m_numbers.find(user);
    return it == m_numbers.end() ? 0 : m_users[it->second].counter;
}

std::chrono::milliseconds FairQueue::waitAt(std::int64_t position) const {
    if (m_slots <= 0)
        return std::chrono::milliseconds(0);
    return std::chrono::milliseconds(static_cast<std::int64_t>(m_service * static_cast<double>(position) / static_cast<double>(m_slots)));
}

// What a person's counter will be when the first one of this kind has its turn, as far as prompts tell.
std::int64_t FairQueue::counterAt(const User& user, QueueKind kind) const {
    std::int64_t at = user.counter + user.frontTokens;
    if (kind == QueueKind::Batch) {
        for (const Place& place : user.places[0])
            at += place.prompt;
    }
    return at;
}

std::int64_t FairQueue::positionOf(std::uint64_t ticket, const Entry& entry) const {
    if (entry.front)
        return std::ranges::find(m_front, ticket) - m_front.begin() + 1;
    const std::size_t kind = indexOf(entry.kind);
    std::int64_t turn = counterAt(m_users[entry.user], entry.kind);
    for (const Place& place : m_users[entry.user].places[kind]) {
        if (place.ticket == ticket)
            break;
        turn += place.prompt;
    }
    auto before = static_cast<std::int64_t>(m_front.size());
    if (entry.kind == QueueKind::Batch) {
        for (const auto& each : m_order[0])
            before += static_cast<std::int64_t>(m_users[each.second].places[0].size());
    }
    for (const auto& [counter, number] : m_order[kind]) {
        if (counter > turn)
            break; // and all that follow come later
        std::int64_t at = counterAt(m_users[number], entry.kind);
        for (const Place& place : m_users[number].places[kind]) {
            if (std::tuple(at, number, place.ticket) >= std::tuple(turn, entry.user, ticket))
                break;
            ++before;
            at += place.prompt;
        }
    }
    return before + 1;
}

std::vector<QueueEntry> FairQueue::entries() const {
    std::vector<QueueEntry> found;
    found.reserve(m_waiting);
    const auto add = [&](std::uint64_t ticket) {
        const Entry& entry = m_entries.at(ticket);
        const auto position = static_cast<std::int64_t>(found.size()) + 1;
        found.push_back({ticket, m_users[entry.user].name, entry.kind, entry.since, position, waitAt(position)});
    };
    for (const std::uint64_t ticket : m_front)
        add(ticket);
    for (const QueueKind kind : {QueueKind::Interactive, QueueKind::Batch}) {
        std::vector<std::tuple<std::int64_t, std::uint32_t, std::uint64_t>> order; // counter at its turn
        for (const auto& each : m_order[indexOf(kind)]) {
            const std::uint32_t number = each.second;
            const User& user = m_users[number];
            std::int64_t at = counterAt(user, kind);
            for (const Place& place : user.places[indexOf(kind)]) {
                order.emplace_back(at, number, place.ticket);
                at += place.prompt;
            }
        }
        std::ranges::sort(order);
        for (const auto& each : order)
            add(std::get<2>(each));
    }
    return found;
}

std::optional<QueueEntry> FairQueue::entry(std::uint64_t ticket) const {
    const auto it = m_entries.find(ticket);
    if (it == m_entries.end() || it->second.sent)
        return std::nullopt;
    const Entry& found = it->second;
    const std::int64_t position = positionOf(ticket, found);
    return QueueEntry{ticket, m_users[found.user].name, found.kind, found.since, position, waitAt(position)};
}

RefusalReason QueueRefusal::reason() const {
    RefusalReason reason;
    reason.kind = Refusal::QueueFull;
    reason.rule = "queue_full";
    reason.sentence = (ofPerson ? "You have " + std::to_string(waiting) + " requests waiting for this model's server, which is as many as one person may have."
                                : std::to_string(waiting) + " requests are waiting for this model's server, which is as many as may wait.") +
                      " Try again in " + spanText(wait) + ".";
    reason.numbers = {{"waiting", waiting}, {"limit", limit}, {"of", std::string(ofPerson ? "person" : "all")}, {"waitMs", wait.count()}};
    reason.change = "An admin gives the route a further target, or the target more slots, on the Models page.";
    reason.retryAfter = std::max(wait, std::chrono::milliseconds(1000));
    return reason;
}

RefusalReason droppedByAdmin() {
    RefusalReason reason;
    reason.kind = Refusal::QueueFull;
    reason.rule = "dropped_by_admin";
    reason.sentence = "An admin took this request out of the queue of the model's server. Ask the admin, or send it again.";
    reason.change = "Send it again; whether it stays is the admin's decision.";
    return reason;
}

} // namespace clawloops::model
