// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Any order of reserve, commit, refund, configure, restart and time, beside a list of all that happened: what the ledger says of every
// budget is what the list adds up to, and nothing is let in past a limit. Also budgets of any words.
#include "choices.h"
#include "fuzz.h"

#include "model/budget_ledger.h"

#include <algorithm>
#include <array>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace clawloops::fuzz {
namespace {

using namespace model;

struct Event {
    std::int64_t seq = 0;
    std::int64_t tokens = 0;
    std::int64_t nanos = 0;
    std::string user;
    std::string route;
    WallTime at{};
};
struct UnderWay {
    Reservation reservation;
    Event asked;
};

const std::array<std::string, 3> users{"ada", "bob", "cy"};
const std::array<std::string, 2> routes{"big", "small"};
const std::array<std::string, 4> traces{"", "0af7651916cd43dd8448eb211c80319c", "1af7651916cd43dd8448eb211c80319c", "x"};

class Trial {
public:
    explicit Trial(Choices choices) : m_choices(choices) { restart(); }

    void run() {
        for (int step = 0; step < 300 && m_choices.left(); ++step) {
            switch (m_choices.below(12)) {
            case 0: case 1: case 2: case 3: reserve(); break;
            case 4: case 5: case 6: commit(); break;
            case 7: refund(); break;
            case 8: configure(true); break;
            case 9: configure(false); break;
            case 10: m_now += std::chrono::minutes(m_choices.amount() % 5000); break;
            default: restart(); break;
            }
            compare();
        }
    }

private:
    [[nodiscard]] static std::vector<std::string> groupsOf(const std::string& user) {
        return user == "ada" ? std::vector<std::string>{"g1"} : user == "bob" ? std::vector<std::string>{"g1", "g2"} : std::vector<std::string>{};
    }
    [[nodiscard]] static bool matches(const gateway_verbs::Budget& budget, std::string_view subject, const Event& event) {
        if (budget.scope == "person")
            return event.user == subject;
        if (budget.scope == "route")
            return event.route == subject;
        return budget.scope == "all" || std::ranges::count(groupsOf(event.user), subject) > 0;
    }
    [[nodiscard]] static BudgetWindow windowOf(const gateway_verbs::Budget& budget) {
        return budget.window == "day" ? BudgetWindow::Day : budget.window == "week" ? BudgetWindow::Week : BudgetWindow::Month;
    }
    [[nodiscard]] std::int64_t spentThrough(std::int64_t seq, const gateway_verbs::Budget& budget, std::string_view subject) const {
        const WindowSpan window = windowAt(windowOf(budget), m_now);
        std::int64_t sum = 0;
        for (const Event& event : m_events) {
            if (event.seq <= seq && matches(budget, subject, event) && event.at >= window.begins && event.at < window.ends)
                sum += budget.unit == "money" ? event.nanos : event.tokens;
        }
        return sum;
    }

    void configure(bool others) {
        if (others) {
            m_budgets.clear();
            for (std::size_t i = m_choices.below(4); i > 0; --i) {
                auto& one = m_budgets.emplace_back();
                one.id = "bud_" + std::to_string(i);
                one.scope = std::array{"person", "group", "route", "all"}[m_choices.below(4)];
                one.unit = std::array{"money", "tokens"}[m_choices.below(2)];
                one.window = std::array{"day", "week", "month", "run"}[m_choices.below(4)];
                one.limit = m_choices.amount();
                one.raisedBy = m_choices.byte();
                one.raisedOn = one.raisedBy % 2 ? "2026-11-26" : "";
                if (m_choices.byte() % 2 && one.scope != "all")
                    one.subject = one.scope == "person" ? "ada" : one.scope == "group" ? "g2" : "big";
            }
        }
        m_through = std::max(m_through, static_cast<std::int64_t>(m_choices.below(m_events.size() + 1)));
        gateway_verbs::Configuration all;
        all.baseline = {"spool", m_through};
        all.budgets = m_budgets;
        for (const auto& user : users)
            all.people.push_back({user, user, "user", groupsOf(user), {}, 0});
        for (auto& budget : all.budgets) {
            if (budget.window == "run")
                continue;
            if (!budget.subject.empty() || budget.scope == "all")
                budget.spent = spentThrough(m_through, budget, budget.subject);
            for (const char* subject : {"ada", "bob", "cy", "g1", "g2", "big", "small"}) {
                if (budget.subject.empty() && budget.scope != "all")
                    budget.spentBy[subject] = spentThrough(m_through, budget, subject);
            }
        }
        require(m_ledger->configure(all, m_now).ok(), "these budgets are right");
    }

    void restart() {
        m_under.clear(); // nobody is asked any more
        m_ledger = std::make_unique<BudgetLedger>("spool");
        for (const Event& event : m_events) {
            if (event.seq > m_through)
                m_ledger->book(event.user, event.route, event.seq, event.tokens, event.nanos, event.at, m_now);
        }
        configure(false);
    }

    void reserve() {
        Event asked;
        asked.at = m_now - std::chrono::seconds(m_choices.byte());
        asked.user = users[m_choices.below(users.size())];
        asked.route = routes[m_choices.below(routes.size())];
        const std::string& trace = traces[m_choices.below(traces.size())];
        asked.tokens = m_choices.amount();
        asked.nanos = m_choices.amount();
        const bool priced = m_choices.byte() % 8 != 0;
        auto outcome = m_ledger->reserve(
            {asked.user, asked.route, trace, priced ? std::optional(asked.nanos) : std::nullopt, asked.tokens, asked.at}, m_now);
        if (const auto* refusal = std::get_if<BudgetRefusal>(&outcome)) {
            require(refusal->unknownPrice ? !priced : refusal->asked > 0 && refusal->asked > refusal->limit - refusal->spent - refusal->reserved,
                    "nothing is refused that there is room for");
            const RefusalReason reason = refusal->reason(m_now);
            require(!reason.sentence.empty() && !reason.change.empty() && reason.retryAfter.count() >= 0, "a refusal says why");
            return;
        }
        asked.nanos = priced ? asked.nanos : 0;
        m_under.push_back({std::move(std::get<0>(outcome)), asked});
        for (const auto& state : m_ledger->states(m_now)) {
            const auto& budget = budgetOf(state.id);
            const bool asks = (budget.unit == "money" ? asked.nanos : asked.tokens) > 0 && matches(budget, state.subject, asked);
            require(!asks || state.spent + state.reserved <= state.limit, "nothing is let in past a limit");
        }
        if (const auto tightest = m_ledger->tightest(asked.user, asked.route, trace, m_now))
            require(tightest->left() >= 0 && tightest->left() <= tightest->limit, "what is left is part of the limit");
    }

    void commit() {
        if (m_under.empty())
            return;
        UnderWay one = take();
        Event event = one.asked;
        event.seq = static_cast<std::int64_t>(m_events.size()) + 1;
        event.tokens = m_choices.amount();
        event.nanos = m_choices.amount();
        m_events.push_back(event);
        const auto overrun = m_ledger->commit(std::move(one.reservation), event.seq, event.tokens, event.nanos, m_now);
        require(overrun.tokens == std::max<std::int64_t>(0, event.tokens - one.asked.tokens) &&
                    overrun.nanos == std::max<std::int64_t>(0, event.nanos - one.asked.nanos),
                "an overrun is what was beyond the reservation");
    }

    void refund() {
        if (!m_under.empty())
            take().reservation.refund();
    }

    UnderWay take() {
        std::swap(m_under[m_choices.below(m_under.size())], m_under.back());
        UnderWay one = std::move(m_under.back());
        m_under.pop_back();
        return one;
    }

    [[nodiscard]] const gateway_verbs::Budget& budgetOf(std::string_view id) const {
        return *std::ranges::find(m_budgets, id, [](const auto& budget) { return std::string_view(budget.id); });
    }

    void compare() {
        require(m_ledger->reservations() == m_under.size(), "every reservation is held or given back");
        for (const auto& state : m_ledger->states(m_now)) {
            const auto& budget = budgetOf(state.id);
            require(state.spent == spentThrough(static_cast<std::int64_t>(m_events.size()), budget, state.subject), "spent is what was booked");
            std::int64_t reserved = 0;
            for (const UnderWay& one : m_under) {
                if (matches(budget, state.subject, one.asked))
                    reserved += budget.unit == "money" ? one.asked.nanos : one.asked.tokens;
            }
            require(state.reserved == reserved, "reserved is what is under way");
        }
    }

    Choices m_choices;
    WallTime m_now = fromUnixSeconds(1'795'650'000); // in the morning of 2026-11-26
    std::vector<gateway_verbs::Budget> m_budgets;
    std::vector<Event> m_events;
    std::int64_t m_through = 0;
    std::unique_ptr<BudgetLedger> m_ledger;
    std::vector<UnderWay> m_under; // before its ledger
};

void anyWords(Choices choices) {
    gateway_verbs::Budget budget;
    budget.id = choices.text();
    budget.scope = choices.text();
    budget.subject = choices.text();
    budget.unit = choices.text();
    budget.window = choices.text();
    budget.raisedOn = choices.text();
    budget.limit = choices.number();
    budget.raisedBy = choices.number();
    const auto rule = budgetRuleOf(budget);
    if (!rule)
        return;
    require(nameOf(rule->scope) == budget.scope && nameOf(rule->unit) == budget.unit && nameOf(rule->window) == budget.window, "a rule is what it was told");
    const WallTime now = fromUnixSeconds(1'795'650'000);
    require(rule->limitAt(now) >= budget.limit && budget.limit >= 0, "a limit is never less than itself");
    require(budget.raisedOn.empty() || toRfc3339(rule->raisedOn).starts_with(budget.raisedOn), "a day is read as it is written");
}

} // namespace

void take(std::string_view input) {
    if (input.empty())
        return;
    const Choices choices(input.substr(1));
    if (static_cast<unsigned char>(input.front()) >= 200)
        anyWords(choices);
    else
        Trial(choices).run();
}

} // namespace clawloops::fuzz
