// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/budget_rule.h"
#include "model/text_map.h"

#include <cstdint>
#include <deque>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace clawloops::model {

class BudgetLedger;

// A share of the budgets that is set aside for one request; gives it back when it goes, unless it was committed. Not after its ledger.
class Reservation {
public:
    Reservation() = default;
    Reservation(Reservation&& other) noexcept : m_ledger(std::exchange(other.m_ledger, nullptr)), m_slot(other.m_slot) {}
    Reservation& operator=(Reservation&& other) noexcept;
    ~Reservation() { refund(); }
    void refund(); // nothing was asked of an upstream; a second time does nothing
    [[nodiscard]] bool held() const { return m_ledger != nullptr; }

private:
    friend class BudgetLedger;
    Reservation(BudgetLedger* ledger, std::uint32_t slot) : m_ledger(ledger), m_slot(slot) {}
    BudgetLedger* m_ledger = nullptr;
    std::uint32_t m_slot = 0;
};

// Who may still spend how much. For every budget spent + reserved never passes the limit by a reservation; only what an upstream
// reports beyond its reservation, a lowered limit and a new budget can do that, and then nothing further is let in.
//
// | what                       | spent of a budget                                                                     |
// |----------------------------|---------------------------------------------------------------------------------------|
// | configure                  | what the baseline says + own bookings with a greater seq that are in the window of now |
// | commit, seq > baseline     | + the actual amount, if the request began in the window that is now                    |
// | commit, seq <= baseline    | unchanged: the baseline has it                                                         |
// | refund                     | unchanged                                                                             |
// | the window ends            | 0                                                                                     |
// A request belongs to the window it began in, as in the usage pages. Reservations under way count in whichever window it is, and are kept over a configure: they then belong to the budgets that match
// now. So do bookings: a person who joined a group brings what they spent since the baseline.
//
// A run's budget counts one trace id of one person. Runs are only here, not in a baseline: the 10,000 last used are remembered, an
// evicted one and all after a restart begin anew. A request without a trace id of 32 hex digits is a run of its own.
//
// Bookings that no baseline holds yet are kept one by one up to 16,384; of more, the older ones are added up by day, per person and per
// route, and such a sum counts until a baseline holds all of it: rather too much for a while than too little.
//
// One thread. A reservation costs a few look-ups and, once its slot was used, no allocation.
class BudgetLedger {
public:
    // `spool`: the id of the spool that the sequence numbers are of; the baseline of another one holds none of the bookings here.
    explicit BudgetLedger(std::string spool) : m_spool(std::move(spool)) {}
    BudgetLedger(const BudgetLedger&) = delete;
    BudgetLedger& operator=(const BudgetLedger&) = delete;
    ~BudgetLedger() = default;

    // Takes budgets, baseline, people and the routes' names. An error leaves all as it was.
    [[nodiscard]] Result<void> configure(const gateway_verbs::Configuration& configuration, WallTime now);

    struct Request {
        std::string_view user;
        std::string_view route;
        std::string_view traceId;
        std::optional<std::int64_t> nanos; // at most; absent: the price is unknown, which no budget in money lets in
        std::int64_t tokens = 0; // at most, prompt and answer
        std::optional<WallTime> startedAt{}; // as the usage event will say; absent: now
    };
    // All budgets that match, or none. What costs nothing is let in even where nothing is left.
    [[nodiscard]] std::variant<Reservation, BudgetRefusal> reserve(const Request& request, WallTime now);

    struct Overrun { // beyond the reservation; booked all the same
        std::int64_t tokens = 0;
        std::int64_t nanos = 0;
    };
    // `seq`: the usage event's in the spool.
    Overrun commit(Reservation&& reservation, std::int64_t seq, std::int64_t tokens, std::int64_t nanos, WallTime now);
    // An event without a reservation: one that the spool already had when the gateway started. Before the first configure or after it.
    void book(std::string_view user, std::string_view route, std::int64_t seq, std::int64_t tokens, std::int64_t nanos, WallTime at, WallTime now);

    struct State {
        std::string_view id; // until the next configure
        std::string_view subject;
        BudgetUnit unit = BudgetUnit::Money;
        std::int64_t spent = 0;
        std::int64_t reserved = 0;
        std::int64_t limit = 0;
        WallTime resetsAt{}; // run: the epoch
        [[nodiscard]] std::int64_t left() const; // never below 0
    };
    // Of those that match, the one of which the smallest part is left; absent where none matches, so that nothing would be reserved.
    [[nodiscard]] std::optional<State> tightest(std::string_view user, std::string_view route, std::string_view traceId, WallTime now);
    [[nodiscard]] std::vector<State> states(WallTime now); // all but the runs'

    [[nodiscard]] std::size_t reservations() const { return m_slots.size() - m_freeSlots.size(); }
    [[nodiscard]] std::size_t bookings() const { return m_bookings.size(); }
    [[nodiscard]] std::size_t runs() const { return m_runs.size(); }

    static constexpr std::size_t maxRuns = 10'000;
    static constexpr std::size_t maxBookings = 16'384;

private:
    friend class Reservation;
    struct Account { // one budget of one subject
        const BudgetRule* rule = nullptr;
        std::string subject;
        std::int64_t spent = 0;
        std::int64_t reserved = 0;
        WindowSpan window{};
    };
    using Accounts = std::vector<Account*>;
    struct Named { // a person or a route; never goes, so that its number stays
        std::string name;
        std::vector<std::string> groups;
        Accounts accounts;
        bool matched = false;
    };
    struct Booking {
        std::int64_t seq;
        std::int64_t tokens;
        std::int64_t nanos;
        std::int64_t at; // seconds
        std::uint32_t user; // or none, in a sum of a route's
        std::uint32_t route; // or none, in a sum of a person's
    };
    static constexpr std::uint32_t none = 0xffff'ffff;
    struct Run {
        std::string key;
        std::vector<std::unique_ptr<Account>> accounts;
        std::vector<std::string> ids; // of the accounts' budgets
        std::uint32_t inFlight = 0;
    };
    struct Slot {
        std::uint32_t user = 0;
        std::uint32_t route = 0;
        std::int64_t tokens = 0;
        std::int64_t nanos = 0;
        WallTime startedAt{};
        bool used = false;
        Run* run = nullptr;
        Accounts accounts;
    };
    static std::uint32_t numberOf(std::string_view name, TextMap<std::uint32_t>& numbers, std::deque<Named>& all);
    Account* account(std::size_t rule, const std::string& subject, WallTime now);
    void matchUser(Named& user, WallTime now);
    void matchRoute(Named& route, WallTime now);
    void collect(std::uint32_t user, std::uint32_t route, Run* run, WallTime now, Accounts& into);
    [[nodiscard]] bool runMatches(const BudgetRule& rule, const Named& user, const Named& route) const;
    Run* runOf(std::string_view user, std::string_view traceId);
    void forgetRuns();
    void relinkRuns();
    void release(std::uint32_t slot);
    void addToAccounts(const Accounts& accounts, const Booking& booking, bool runs, WallTime now);
    void remember(const Booking& booking);
    void fold();
    static void roll(Account& account, WallTime now);
    static State stateOf(const Account& account, WallTime now);
    [[nodiscard]] static BudgetRefusal refusalOf(const Account& account, std::int64_t asked, bool unknownPrice, WallTime now);

    std::string m_spool;
    std::int64_t m_baseline = 0;
    WallTime m_configuredAt{}; // what the baseline's spending is of the windows of
    std::vector<BudgetRule> m_rules;
    std::vector<gateway_verbs::Budget> m_spent; // of the same index as m_rules: what the baseline says
    std::vector<std::size_t> m_runRules;
    std::deque<Account> m_accounts;
    TextMap<Account*> m_accountOf; // "rule subject"
    Accounts m_all;
    TextMap<std::uint32_t> m_userNumbers;
    TextMap<std::uint32_t> m_routeNumbers;
    std::deque<Named> m_users;
    std::deque<Named> m_routes;
    std::deque<Booking> m_bookings;
    std::size_t m_foldAbove = maxBookings;
    std::list<Run> m_runs; // the last used first
    TextMap<std::list<Run>::iterator> m_runOf;
    std::deque<Slot> m_slots;
    std::vector<std::uint32_t> m_freeSlots;
    std::string m_key; // for looking up a run
    Accounts m_found; // of the request that is being looked at
};

} // namespace clawloops::model
