// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/budget_ledger.h"

#include <QTest>

#include <map>
#include <random>

using namespace clawloops;
using namespace clawloops::model;
using namespace std::chrono_literals;

namespace {

constexpr auto trace = "0af7651916cd43dd8448eb211c80319c";
constexpr auto otherTrace = "1af7651916cd43dd8448eb211c80319c";

WallTime day(int year, unsigned month, unsigned date) {
    return std::chrono::sys_days(std::chrono::year(year) / std::chrono::month(month) / std::chrono::day(date));
}
const WallTime noon = day(2026, 11, 26) + 12h; // a Thursday

gateway_verbs::Budget budget(std::string scope, std::string subject, std::string window = "day", std::int64_t limit = 100,
                             std::string unit = "tokens") {
    gateway_verbs::Budget one;
    one.id = "bud_" + scope + window;
    one.name = "Team";
    one.scope = std::move(scope);
    one.subject = std::move(subject);
    one.unit = std::move(unit);
    one.window = std::move(window);
    one.limit = limit;
    return one;
}

gateway_verbs::Configuration with(std::vector<gateway_verbs::Budget> budgets, std::int64_t seq = 0) {
    gateway_verbs::Configuration configuration;
    configuration.baseline = {"spool", seq};
    configuration.budgets = std::move(budgets);
    configuration.people = {{"ada", "Ada", "user", {"g1"}, {}, 0}, {"bob", "Bob", "user", {"g1", "g2"}, {}, 0}, {"cy", "Cy", "user", {}, {}, 0}};
    return configuration;
}

using Outcome = std::variant<Reservation, BudgetRefusal>;
Outcome ask(BudgetLedger& ledger, std::int64_t tokens, std::string_view user = "ada", std::string_view route = "big", WallTime now = noon,
            std::string_view traceId = {}) {
    return ledger.reserve({.user = user, .route = route, .traceId = traceId, .nanos = tokens, .tokens = tokens}, now);
}
bool let(const Outcome& outcome) {
    return outcome.index() == 0;
}
// Lets it in and ends it.
bool spend(BudgetLedger& ledger, std::int64_t seq, std::int64_t tokens, std::string_view user = "ada", std::string_view route = "big",
           WallTime now = noon, std::string_view traceId = {}) {
    Outcome outcome = ask(ledger, tokens, user, route, now, traceId);
    if (!let(outcome))
        return false;
    ledger.commit(std::move(std::get<0>(outcome)), seq, tokens, tokens, now);
    return true;
}

} // namespace

class TestBudgetLedger : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void windowsAreThoseOfUtc_data() {
        QTest::addColumn<int>("window");
        QTest::addColumn<qint64>("now");
        QTest::addColumn<qint64>("begins");
        QTest::addColumn<qint64>("ends");
        const auto row = [](const char* name, BudgetWindow window, WallTime now, WallTime begins, WallTime ends) {
            QTest::newRow(name) << static_cast<int>(window) << qint64(toUnixSeconds(now)) << qint64(toUnixSeconds(begins))
                                << qint64(toUnixSeconds(ends));
        };
        row("day", BudgetWindow::Day, noon, day(2026, 11, 26), day(2026, 11, 27));
        row("day at its first moment", BudgetWindow::Day, day(2026, 11, 27), day(2026, 11, 27), day(2026, 11, 28));
        row("week", BudgetWindow::Week, noon, day(2026, 11, 23), day(2026, 11, 30));
        row("sunday is its last day", BudgetWindow::Week, day(2026, 11, 29) + 23h, day(2026, 11, 23), day(2026, 11, 30));
        row("monday is its first", BudgetWindow::Week, day(2026, 11, 30), day(2026, 11, 30), day(2026, 12, 7));
        row("month", BudgetWindow::Month, noon, day(2026, 11, 1), day(2026, 12, 1));
        row("december", BudgetWindow::Month, day(2026, 12, 31) + 23h, day(2026, 12, 1), day(2027, 1, 1));
        row("leap year", BudgetWindow::Month, day(2028, 2, 29), day(2028, 2, 1), day(2028, 3, 1));
    }
    void windowsAreThoseOfUtc() {
        QFETCH(int, window);
        QFETCH(qint64, now);
        QFETCH(qint64, begins);
        QFETCH(qint64, ends);
        const WindowSpan span = windowAt(static_cast<BudgetWindow>(window), fromUnixSeconds(now));
        QCOMPARE(qint64(toUnixSeconds(span.begins)), begins);
        QCOMPARE(qint64(toUnixSeconds(span.ends)), ends);
    }
    void wrongBudgetsAreRefusedAndChangeNothing() {
        BudgetLedger ledger("spool");
        QVERIFY(ledger.configure(with({budget("all", "")}), noon).ok());
        const auto wrong = [&](auto change) {
            auto one = budget("person", "ada");
            change(one);
            return !ledger.configure(with({one}), noon).ok();
        };
        QVERIFY(wrong([](auto& one) { one.scope = "planet"; }));
        QVERIFY(wrong([](auto& one) { one.unit = "hours"; }));
        QVERIFY(wrong([](auto& one) { one.window = "year"; }));
        QVERIFY(wrong([](auto& one) { one.limit = -1; }));
        QVERIFY(wrong([](auto& one) { one.scope = "all"; }));
        for (const char* date : {"2026-02-30", "2026-1-1", "26-11-2026", "2026-11-2x", "2026-+1-11", "1013-11-26", "9999-12-31"})
            QVERIFY2(wrong([&](auto& one) { one.raisedOn = date; }), date);
        QVERIFY(!ledger.configure(with({budget("all", ""), budget("all", "")}), noon).ok());
        QVERIFY(!let(ask(ledger, 101)) && let(ask(ledger, 100)));
    }
    void eachScopeMatchesItsOwn_data() {
        QTest::addColumn<QString>("scope");
        QTest::addColumn<QString>("subject");
        QTest::addColumn<bool>("another"); // is (bob, big) held back by what ada spent on big?
        QTest::addColumn<bool>("elsewhere"); // is (ada, small)?
        QTest::newRow("all") << "all" << "" << true << true;
        QTest::newRow("that person") << "person" << "ada" << false << true;
        QTest::newRow("each person") << "person" << "" << false << true;
        QTest::newRow("that group") << "group" << "g1" << true << true;
        QTest::newRow("each group") << "group" << "" << true << true;
        QTest::newRow("that route") << "route" << "big" << true << false;
        QTest::newRow("each route") << "route" << "" << true << false;
    }
    void eachScopeMatchesItsOwn() {
        QFETCH(QString, scope);
        QFETCH(QString, subject);
        QFETCH(bool, another);
        QFETCH(bool, elsewhere);
        BudgetLedger ledger("spool");
        QVERIFY(ledger.configure(with({budget(scope.toStdString(), subject.toStdString())}), noon).ok());
        QVERIFY(spend(ledger, 1, 100));
        QVERIFY(!let(ask(ledger, 1)));
        QCOMPARE(!let(ask(ledger, 1, "bob")), another);
        QCOMPARE(!let(ask(ledger, 1, "ada", "small")), elsewhere);
        QVERIFY(scope == "all" || let(ask(ledger, 1, "cy", "small"))); // in no group
    }
    void whatASubjectSpentIsInTheBaseline() {
        BudgetLedger ledger("spool");
        auto each = budget("person", "");
        each.spentBy = {{"ada", 90}};
        auto group = budget("group", "g2");
        group.spent = 70;
        QVERIFY(ledger.configure(with({each, group}), noon).ok());
        QVERIFY(!let(ask(ledger, 11)) && let(ask(ledger, 10)));
        QVERIFY(!let(ask(ledger, 31, "bob")) && let(ask(ledger, 30, "bob")));
        QVERIFY(let(ask(ledger, 100, "cy")));
    }
    void aSubjectThatFirstComesLaterBeginsWithTheWindowThatIsThen() {
        BudgetLedger ledger("spool");
        auto each = budget("route", "");
        each.spentBy = {{"big", 90}};
        QVERIFY(ledger.configure(with({each}), noon).ok());
        QVERIFY(let(ask(ledger, 100, "ada", "big", noon + 24h)));
    }
    void allMatchingBudgetsOrNone() {
        BudgetLedger ledger("spool");
        QVERIFY(ledger.configure(with({budget("person", "", "day", 100), budget("all", "", "day", 150)}), noon).ok());
        const Outcome first = ask(ledger, 100);
        QVERIFY(let(first));
        const Outcome second = ask(ledger, 60, "bob");
        QVERIFY(!let(second));
        QCOMPARE(std::get<1>(second).id, std::string("bud_allday"));
        QVERIFY(let(ask(ledger, 50, "bob"))); // nothing of bob's own was taken
        for (const auto& state : ledger.states(noon))
            QCOMPARE(state.reserved, state.id == "bud_allday" || state.subject == "ada" ? 100 : 0);
    }
    void aRefusalSaysAll() {
        BudgetLedger ledger("spool");
        auto one = budget("person", "ada", "month", 10'000'000'000, "money");
        one.spent = 9'500'000'000;
        QVERIFY(ledger.configure(with({one}), noon).ok());
        const Outcome first = ask(ledger, 400'000'000);
        Outcome second = ask(ledger, 300'000'000);
        QVERIFY(!let(second));
        const BudgetRefusal& refusal = std::get<1>(second);
        QCOMPARE(refusal.subject, std::string("ada"));
        QCOMPARE(refusal.limit, 10'000'000'000);
        QCOMPARE(refusal.spent, 9'500'000'000);
        QCOMPARE(refusal.reserved, 400'000'000);
        QCOMPARE(refusal.asked, 300'000'000);
        QVERIFY(refusal.resetsAt == day(2026, 12, 1));
        const RefusalReason reason = refusal.reason(noon);
        QVERIFY(reason.kind == Refusal::BudgetSpent);
        QCOMPARE(reason.rule, std::string_view("budget"));
        QCOMPARE(reason.sentence,
                 std::string("The budget \"Team\" allows $10.00 a month; $0.50 is left, $0.40 of it set aside for requests under way, and this "
                             "one may take $0.30. It begins anew on 2026-12-01, 00:00 UTC."));
        QCOMPARE(reason.retryAfterSeconds(), (4 * 24 + 12) * 3600);
        QCOMPARE(json::value_to<std::int64_t>(reason.numbersJson().at("spent")), 9'500'000'000);
        QVERIFY(!reason.change.empty());
    }
    void anUnknownPriceIsNoMoneyBudgets() {
        BudgetLedger ledger("spool");
        QVERIFY(ledger.configure(with({budget("all", "", "day", 100, "money")}), noon).ok());
        const Outcome outcome = ledger.reserve({.user = "ada", .route = "big", .traceId = {}, .nanos = std::nullopt, .tokens = 1}, noon);
        QVERIFY(!let(outcome));
        const RefusalReason reason = std::get<1>(outcome).reason(noon);
        QVERIFY(reason.kind == Refusal::UnknownPrice);
        QCOMPARE(reason.rule, std::string_view("unknown_price"));
        QVERIFY(ledger.configure(with({budget("all", "", "day", 100, "tokens")}), noon).ok());
        QVERIFY(let(ledger.reserve({.user = "ada", .route = "big", .traceId = {}, .nanos = std::nullopt, .tokens = 1}, noon)));
    }
    void whatCostsNothingIsLetIn() {
        BudgetLedger ledger("spool");
        auto one = budget("all", "", "day", 100, "money");
        one.spent = 150;
        QVERIFY(ledger.configure(with({one}), noon).ok());
        QVERIFY(!let(ask(ledger, 1)));
        QVERIFY(let(ledger.reserve({.user = "ada", .route = "local", .traceId = {}, .nanos = 0, .tokens = 500}, noon)));
    }
    void aRefundGivesAllBackOnce() {
        BudgetLedger ledger("spool");
        QVERIFY(ledger.configure(with({budget("all", "")}), noon).ok());
        Outcome outcome = ask(ledger, 100);
        QVERIFY(!let(ask(ledger, 1)));
        std::get<0>(outcome).refund();
        std::get<0>(outcome).refund();
        QCOMPARE(ledger.states(noon).at(0).reserved, 0);
        QCOMPARE(ledger.reservations(), std::size_t(0));
        { const Outcome gone = ask(ledger, 100); }
        QVERIFY(let(ask(ledger, 100)));
    }
    void aCommitBooksWhatWasUsed() {
        BudgetLedger ledger("spool");
        QVERIFY(ledger.configure(with({budget("all", "")}), noon).ok());
        Outcome outcome = ask(ledger, 80);
        const auto overrun = ledger.commit(std::move(std::get<0>(outcome)), 1, 30, 30, noon);
        QCOMPARE(overrun.tokens, 0);
        QVERIFY(!std::get<0>(outcome).held());
        QCOMPARE(ledger.states(noon).at(0).spent, 30);
        QCOMPARE(ledger.states(noon).at(0).reserved, 0);
        QVERIFY(let(ask(ledger, 70)) && !let(ask(ledger, 71)));
    }
    void anOverrunIsBookedAndSaid() {
        BudgetLedger ledger("spool");
        QVERIFY(ledger.configure(with({budget("all", "")}), noon).ok());
        Outcome outcome = ask(ledger, 80);
        const auto overrun = ledger.commit(std::move(std::get<0>(outcome)), 1, 130, 90, noon);
        QCOMPARE(overrun.tokens, 50);
        QCOMPARE(overrun.nanos, 10);
        QCOMPARE(ledger.states(noon).at(0).spent, 130);
        QCOMPARE(ledger.states(noon).at(0).left(), 0);
        QVERIFY(!let(ask(ledger, 1)));
    }
    void aWindowEndsWithItsSpending() {
        BudgetLedger ledger("spool");
        QVERIFY(ledger.configure(with({budget("all", "", "day", 100), budget("all", "", "week", 150)}), noon).ok());
        QVERIFY(spend(ledger, 1, 100));
        QVERIFY(!let(ask(ledger, 1, "ada", "big", day(2026, 11, 27) - 1s)));
        QVERIFY(let(ask(ledger, 50, "ada", "big", day(2026, 11, 27))));
        QVERIFY(!let(ask(ledger, 51, "ada", "big", day(2026, 11, 27)))); // the week's
        QVERIFY(let(ask(ledger, 100, "ada", "big", day(2026, 11, 30))));
    }
    void whatIsUnderWayCountsInTheNextWindowUntilItEnds() {
        BudgetLedger ledger("spool");
        QVERIFY(ledger.configure(with({budget("all", "")}), noon).ok());
        Outcome under = ask(ledger, 80);
        const WallTime next = day(2026, 11, 27);
        QVERIFY(!let(ask(ledger, 21, "ada", "big", next)));
        ledger.commit(std::move(std::get<0>(under)), 1, 80, 80, next);
        QVERIFY(let(ask(ledger, 100, "ada", "big", next))); // it is yesterday's, as in the usage pages
    }
    void aRequestIsOfTheWindowThatItBeganIn() {
        BudgetLedger ledger("spool");
        QVERIFY(ledger.configure(with({budget("all", ""), budget("all", "", "month")}), day(2026, 11, 27)).ok());
        Outcome under = ledger.reserve({.user = "ada", .route = "big", .traceId = {}, .nanos = 60, .tokens = 60, .startedAt = day(2026, 11, 27) - 1s},
                                       day(2026, 11, 27));
        ledger.commit(std::move(std::get<0>(under)), 1, 60, 60, day(2026, 11, 27) + 1s);
        for (const auto& state : ledger.states(day(2026, 11, 27) + 1s))
            QCOMPARE(state.spent, state.id == "bud_allday" ? 0 : 60);
    }
    void aRaiseCountsOnItsDayOnly() {
        BudgetLedger ledger("spool");
        auto one = budget("all", "", "month", 100);
        one.raisedOn = "2026-11-26";
        one.raisedBy = 50;
        QVERIFY(ledger.configure(with({one}), noon).ok());
        QVERIFY(!let(ask(ledger, 151)) && let(ask(ledger, 150)));
        QVERIFY(!let(ask(ledger, 101, "ada", "big", noon + 24h)));
        QVERIFY(!let(ask(ledger, 101, "ada", "big", noon - 24h)));
    }
    void aNewBaselineDoesNotCountTwice() {
        BudgetLedger ledger("spool");
        auto one = budget("all", "");
        QVERIFY(ledger.configure(with({one}), noon).ok());
        QVERIFY(spend(ledger, 1, 10) && spend(ledger, 2, 20) && spend(ledger, 3, 30));
        one.spent = 30; // the first two
        QVERIFY(ledger.configure(with({one}, 2), noon).ok());
        QCOMPARE(ledger.states(noon).at(0).spent, 60);
        QCOMPARE(ledger.bookings(), std::size_t(1));
        QVERIFY(ledger.configure(with({one}, 2), noon).ok()); // once more
        QCOMPARE(ledger.states(noon).at(0).spent, 60);
    }
    void aCommitThatTheBaselineAlreadyHasIsNotCountedAgain() {
        BudgetLedger ledger("spool");
        auto one = budget("all", "");
        QVERIFY(ledger.configure(with({one}), noon).ok());
        Outcome outcome = ask(ledger, 40);
        one.spent = 40;
        QVERIFY(ledger.configure(with({one}, 7), noon).ok());
        ledger.commit(std::move(std::get<0>(outcome)), 7, 40, 40, noon);
        QCOMPARE(ledger.states(noon).at(0).spent, 40);
        QCOMPARE(ledger.states(noon).at(0).reserved, 0);
    }
    void anotherSpoolsBaselineHoldsNothingOfThisOne() {
        BudgetLedger ledger("spool");
        QVERIFY(spend(ledger, 1, 10));
        auto configuration = with({budget("all", "")}, 500);
        configuration.baseline.spool = "other";
        configuration.budgets[0].spent = 5;
        QVERIFY(ledger.configure(configuration, noon).ok());
        QCOMPARE(ledger.states(noon).at(0).spent, 15);
    }
    void eventsFoundInTheSpoolCountAfterARestart() {
        BudgetLedger ledger("spool");
        ledger.book("ada", "big", 8, 10, 10, noon - 1h, noon);
        ledger.book("ada", "big", 9, 20, 20, noon - 13h, noon); // yesterday
        auto one = budget("all", "");
        one.spent = 3;
        QVERIFY(ledger.configure(with({one}, 7), noon).ok());
        QCOMPARE(ledger.states(noon).at(0).spent, 13);
        ledger.book("ada", "big", 10, 30, 30, noon, noon);
        QCOMPARE(ledger.states(noon).at(0).spent, 43);
        ledger.book("ada", "big", 7, 30, 30, noon, noon); // the baseline has it
        QCOMPARE(ledger.states(noon).at(0).spent, 43);
    }
    void reservationsOutliveAConfigure() {
        BudgetLedger ledger("spool");
        QVERIFY(ledger.configure(with({budget("all", "")}), noon).ok());
        Outcome outcome = ask(ledger, 60);
        QVERIFY(ledger.configure(with({budget("all", ""), budget("person", "ada", "week")}), noon).ok());
        QVERIFY(!let(ask(ledger, 41)));
        for (const auto& state : ledger.states(noon))
            QCOMPARE(state.reserved, 60);
        ledger.commit(std::move(std::get<0>(outcome)), 1, 50, 50, noon);
        for (const auto& state : ledger.states(noon)) {
            QCOMPARE(state.reserved, 0);
            QCOMPARE(state.spent, 50); // of the budget that is new, too
        }
        QVERIFY(ledger.configure(with({}), noon).ok());
        QVERIFY(let(ask(ledger, 1'000'000)));
    }
    void aRunsBudgetCountsOneTraceOfOnePerson() {
        BudgetLedger ledger("spool");
        QVERIFY(ledger.configure(with({budget("all", "", "run")}), noon).ok());
        QVERIFY(spend(ledger, 1, 60, "ada", "big", noon, trace));
        QVERIFY(!let(ask(ledger, 41, "ada", "small", noon + 240h, trace)));
        QVERIFY(let(ask(ledger, 100, "ada", "big", noon, otherTrace)));
        QVERIFY(let(ask(ledger, 100, "bob", "big", noon, trace)));
        QVERIFY(ledger.configure(with({budget("all", "", "run")}, 1), noon).ok()); // no baseline knows of runs
        QVERIFY(!let(ask(ledger, 41, "ada", "big", noon, trace)));
        const Outcome refused = ask(ledger, 41, "ada", "big", noon, trace);
        QVERIFY(std::get<1>(refused).reason(noon).retryAfter == 0ms); // waiting does not help
        QVERIFY(ledger.configure(with({budget("all", "", "run", 100, "money")}), noon).ok()); // another unit: anew
        QVERIFY(let(ask(ledger, 100, "ada", "big", noon, trace)));
    }
    void aRunsBudgetOfARouteCountsThatRoute() {
        BudgetLedger ledger("spool");
        QVERIFY(ledger.configure(with({budget("route", "", "run")}), noon).ok());
        QVERIFY(spend(ledger, 1, 100, "ada", "big", noon, trace));
        QVERIFY(!let(ask(ledger, 1, "ada", "big", noon, trace)));
        QVERIFY(let(ask(ledger, 100, "ada", "small", noon, trace)));
        QVERIFY(ledger.configure(with({budget("group", "g2", "run")}), noon).ok());
        QVERIFY(let(ask(ledger, 101, "ada", "big", noon, trace)) && !let(ask(ledger, 101, "bob", "big", noon, trace)));
        QVERIFY(ledger.configure(with({budget("person", "bob", "run")}), noon).ok());
        QVERIFY(let(ask(ledger, 101, "ada", "big", noon, trace)) && !let(ask(ledger, 101, "bob", "big", noon, trace)));
    }
    void withoutATraceARequestIsARunOfItsOwn() {
        BudgetLedger ledger("spool");
        QVERIFY(ledger.configure(with({budget("all", "", "run")}), noon).ok());
        for (const std::string_view traceId : {std::string_view(), std::string_view("x"), std::string_view("zzf7651916cd43dd8448eb211c80319c")}) {
            QVERIFY(spend(ledger, 1, 100, "ada", "big", noon, traceId));
            QVERIFY(spend(ledger, 2, 100, "ada", "big", noon, traceId));
            QVERIFY(!let(ask(ledger, 101, "ada", "big", noon, traceId)));
        }
        QCOMPARE(ledger.runs(), std::size_t(0));
        QCOMPARE(ledger.tightest("ada", "big", {}, noon)->left(), 100); // so that it is known that a budget applies
    }
    void onlyTheLastRunsAreRemembered() {
        BudgetLedger ledger("spool");
        QVERIFY(ledger.configure(with({budget("all", "", "run")}), noon).ok());
        const Outcome under = ask(ledger, 60, "ada", "big", noon, trace); // in use: never forgotten
        QVERIFY(spend(ledger, 1, 60, "ada", "big", noon, otherTrace));
        for (std::size_t i = 0; i < BudgetLedger::maxRuns + 5; ++i)
            QVERIFY(spend(ledger, 1, 1, "ada", "big", noon, QString::number(i).rightJustified(32, 'f').toStdString()));
        QCOMPARE(ledger.runs(), BudgetLedger::maxRuns);
        QVERIFY(!let(ask(ledger, 41, "ada", "big", noon, trace)));
        QVERIFY(let(ask(ledger, 100, "ada", "big", noon, otherTrace))); // begins anew
    }
    void theTightestIsShown() {
        BudgetLedger ledger("spool");
        QVERIFY(!ledger.tightest("ada", "big", {}, noon));
        auto all = budget("all", "", "day", 1000, "money");
        all.spent = 500;
        auto own = budget("person", "ada", "day", 100);
        own.spent = 90;
        QVERIFY(ledger.configure(with({all, own}), noon).ok());
        QCOMPARE(ledger.tightest("ada", "big", {}, noon)->id, std::string_view("bud_personday"));
        QCOMPARE(ledger.tightest("ada", "big", {}, noon)->left(), 10);
        QCOMPARE(ledger.tightest("bob", "big", {}, noon)->id, std::string_view("bud_allday"));
        QVERIFY(ledger.tightest("bob", "big", {}, noon)->resetsAt == day(2026, 11, 27));
    }
    void manyBookingsAreAddedUpWithoutLosingAny() {
        BudgetLedger ledger("spool");
        constexpr std::int64_t many = 200'000;
        QVERIFY(ledger.configure(with({budget("all", "", "month", many * 2)}), noon).ok());
        for (std::int64_t i = 1; i <= many; ++i)
            QVERIFY(spend(ledger, i, 1, i % 2 ? "ada" : "bob", "big", noon + std::chrono::hours(i % 50)));
        QVERIFY(ledger.bookings() <= BudgetLedger::maxBookings);
        QVERIFY(ledger.configure(with({budget("all", "", "month", many * 2), budget("route", "", "month", many * 2), budget("person", "ada", "month", many * 2)}), noon + 50h).ok());
        for (const auto& state : ledger.states(noon + 50h))
            QCOMPARE(state.spent, state.id == "bud_personmonth" ? many / 2 : many);
        auto one = budget("all", "", "month", many * 2);
        one.spent = 1000;
        QVERIFY(ledger.configure(with({one}, 1000), noon + 50h).ok());
        QVERIFY(ledger.states(noon + 50h).at(0).spent >= many); // rather too much than too little
        one.spent = many;
        QVERIFY(ledger.configure(with({one}, many), noon + 50h).ok());
        QCOMPARE(ledger.states(noon + 50h).at(0).spent, many);
        QCOMPARE(ledger.bookings(), std::size_t(0));
    }
    void twoHundredOnTheLastCent() {
        BudgetLedger ledger("spool");
        auto one = budget("all", "", "day", 1'000'000'000, "money");
        one.spent = 990'000'000;
        QVERIFY(ledger.configure(with({one}), noon).ok());
        std::vector<Outcome> outcomes;
        for (int i = 0; i < 200; ++i)
            outcomes.push_back(ask(ledger, 3'000'000, i % 2 ? "ada" : "bob"));
        QCOMPARE(std::ranges::count_if(outcomes, let), 3);
        std::int64_t seq = 0;
        for (Outcome& outcome : outcomes) {
            if (let(outcome))
                ledger.commit(std::move(std::get<0>(outcome)), ++seq, 100, 3'000'000, noon);
        }
        QCOMPARE(ledger.states(noon).at(0).spent, 999'000'000);
        QVERIFY(!let(ask(ledger, 3'000'000)) && let(ask(ledger, 1'000'000)));
    }
    // A model beside it adds up what should be; the limit is never passed, whatever comes in which order.
    void noOrderOfThingsSpendsPastALimit() {
        std::mt19937 random(4711);
        const auto draw = [&](int below) { return static_cast<int>(random() % static_cast<unsigned>(below)); };
        struct Event {
            std::int64_t seq, tokens;
            std::string user, route;
            WallTime at;
        };
        BudgetLedger ledger("spool");
        std::vector<Event> events;
        std::vector<std::pair<Reservation, std::pair<Event, std::int64_t>>> under;
        WallTime now = noon;
        std::int64_t through = 0;
        const std::vector<std::string> people{"ada", "bob", "cy"};
        const auto spentIn = [&](std::int64_t seq, auto matches) {
            std::int64_t sum = 0;
            const WindowSpan today = windowAt(BudgetWindow::Day, now);
            for (const Event& event : events) {
                if (event.seq <= seq && event.at >= today.begins && event.at < today.ends && matches(event))
                    sum += event.tokens;
            }
            return sum;
        };
        const auto budgets = [&] {
            auto all = budget("all", "", "day", 5000);
            auto each = budget("person", "", "day", 2000);
            auto route = budget("route", "big", "day", 3000);
            all.spent = spentIn(through, [](const Event&) { return true; });
            route.spent = spentIn(through, [](const Event& event) { return event.route == "big"; });
            for (const auto& person : people)
                each.spentBy[person] = spentIn(through, [&](const Event& event) { return event.user == person; });
            return with({all, each, route}, through);
        };
        QVERIFY(ledger.configure(budgets(), now).ok());
        int letIn = 0;
        int refused = 0;
        for (int step = 0; step < 10'000; ++step) {
            const int what = draw(100);
            if (what < 45) {
                Event event{0, draw(400), people[static_cast<std::size_t>(draw(3))], draw(2) ? "big" : "small", now};
                Outcome outcome = ask(ledger, event.tokens, event.user, event.route, now);
                ++(let(outcome) ? letIn : refused);
                if (let(outcome))
                    under.emplace_back(std::move(std::get<0>(outcome)), std::pair(event, event.tokens));
            } else if (what < 90 && !under.empty()) {
                std::swap(under[static_cast<std::size_t>(draw(static_cast<int>(under.size())))], under.back());
                auto [reservation, asked] = std::move(under.back());
                under.pop_back();
                if (what < 75) {
                    Event event = asked.first;
                    event.seq = static_cast<std::int64_t>(events.size()) + 1;
                    event.tokens = asked.second == 0 ? 0 : draw(static_cast<int>(asked.second) + 1);
                    events.push_back(event);
                    ledger.commit(std::move(reservation), event.seq, event.tokens, event.tokens, now);
                }
            } else if (what < 97) {
                through += draw(static_cast<int>(static_cast<std::int64_t>(events.size()) - through) + 1);
                QVERIFY(ledger.configure(budgets(), now).ok());
            } else {
                now += std::chrono::minutes(draw(180));
            }
            const auto everything = static_cast<std::int64_t>(events.size());
            for (const auto& state : ledger.states(now)) {
                QVERIFY2(state.spent + state.reserved <= state.limit, qPrintable(QString::number(step)));
                const auto matches = [&](const Event& event) {
                    return state.id == "bud_allday" || (state.id == "bud_routeday" && event.route == "big") || event.user == state.subject;
                };
                QCOMPARE(state.spent, spentIn(everything, matches));
                std::int64_t reserved = 0;
                for (const auto& each : under)
                    reserved += matches(each.second.first) ? each.second.second : 0;
                QCOMPARE(state.reserved, reserved);
            }
        }
        QVERIFY(letIn > 1000 && refused > 500);
    }
};

QTEST_GUILESS_MAIN(TestBudgetLedger)
#include "tst_budget_ledger.moc"
