// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/rate_limits.h"

#include <QTest>

#include <limits>

using namespace clawloops;
using namespace clawloops::model;
using namespace std::chrono_literals;

namespace {

const SteadyTime start{1h};
using Outcome = std::variant<Admission, LimitRefusal>;

bool let(const Outcome& outcome) {
    return outcome.index() == 0;
}
gateway_verbs::Limit limit(std::string scope, std::string subject, std::int64_t requests, std::int64_t tokens = 0, std::int64_t streams = 0) {
    return {std::move(scope), std::move(subject), requests, tokens, streams};
}
Outcome ask(RateLimits& limits, SteadyTime now = start, std::int64_t tokens = 0, std::string_view person = "ada", std::string_view key = "key_a",
            std::string_view route = "big") {
    return limits.admit({key, person, route, tokens}, now);
}

} // namespace

class TestRateLimits : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void withoutLimitsAllIsLetIn() {
        RateLimits limits;
        for (int i = 0; i < 1000; ++i)
            QVERIFY(let(ask(limits, start, 1'000'000)));
        QVERIFY(!limits.headers({"key_a", "ada", "big", 0}, start).requests);
    }
    void aMinutesWorthAtOnceThenEvenly() {
        RateLimits limits;
        QVERIFY(limits.configure({limit("person", "", 6)}, start).ok());
        for (int i = 0; i < 6; ++i)
            QVERIFY(let(ask(limits)));
        const Outcome refused = ask(limits);
        QVERIFY(!let(refused));
        QCOMPARE(std::get<1>(refused).retryAfter, 10'000ms);
        QCOMPARE(std::get<1>(refused).current, 6);
        QVERIFY(!let(ask(limits, start + 9'999ms)));
        QVERIFY(let(ask(limits, start + 10'000ms)));
        QVERIFY(!let(ask(limits, start + 10'001ms)));
        QVERIFY(let(ask(limits, start, 0, "bob"))); // somebody else
        for (int i = 0; i < 6; ++i)
            QVERIFY(let(ask(limits, start + 1h)));
        QVERIFY(!let(ask(limits, start + 1h))); // never more than a minute's worth
    }
    void tokensAreTakenByEstimateAndCorrected() {
        RateLimits limits;
        QVERIFY(limits.configure({limit("route", "big", 0, 6000)}, start).ok());
        Outcome first = ask(limits, start, 5000);
        QVERIFY(let(first));
        const Outcome refused = ask(limits, start, 2000);
        QVERIFY(!let(refused));
        QCOMPARE(std::get<1>(refused).retryAfter, 10'000ms); // 1000 are missing, 100 a second
        std::get<0>(first).finish(1000);
        std::get<0>(first).finish(0); // does nothing more
        QVERIFY(!let(ask(limits, start, 5001)));
        Outcome second = ask(limits, start, 5000);
        QVERIFY(let(second));
        std::get<0>(second).finish(8000); // more than was thought: a debt
        QVERIFY(!let(ask(limits, start + 30s, 1)));
        QVERIFY(let(ask(limits, start + 31s, 1)));
    }
    void whatWasNeverAskedGivesItsTokensBack() {
        RateLimits limits;
        QVERIFY(limits.configure({limit("person", "", 0, 6000, 1)}, start).ok());
        { const Outcome gone = ask(limits, start, 6000); }
        QVERIFY(let(ask(limits, start, 6000)));
    }
    void tooLargeForAMinuteWaitsForAFullBucket() {
        RateLimits limits;
        QVERIFY(limits.configure({limit("person", "", 0, 6000)}, start).ok());
        QVERIFY(let(ask(limits, start, 12'000))); // gave it back
        Outcome large = ask(limits, start, 12'000);
        std::get<0>(large).finish(12'000);
        QVERIFY(!let(ask(limits, start + 59s, 12'000)));
        QVERIFY(!let(ask(limits, start + 60s, 1))); // the debt first
        QVERIFY(let(ask(limits, start + 61s, 1)));
        QVERIFY(let(ask(limits, start + 120s, 12'000)));
    }
    void aDebtIsAnHoursWorthAtMost() {
        RateLimits limits;
        QVERIFY(limits.configure({limit("person", "", 0, 6000)}, start).ok());
        Outcome one = ask(limits, start, 10);
        std::get<0>(one).finish(std::numeric_limits<std::int64_t>::max()); // so it says
        const Outcome refused = ask(limits, start, 6000);
        QVERIFY(!let(refused));
        QCOMPARE(std::get<1>(refused).retryAfter, 61min);
        QVERIFY(let(ask(limits, start + 61min, 6000)));
    }
    void streamsAreCountedUntilTheyEnd() {
        RateLimits limits;
        QVERIFY(limits.configure({limit("key", "", 0, 0, 2)}, start).ok());
        Outcome one = ask(limits);
        Outcome two = ask(limits);
        const Outcome refused = ask(limits);
        QVERIFY(!let(refused));
        QVERIFY(std::get<1>(refused).which == LimitOf::Streams && std::get<1>(refused).current == 2);
        QVERIFY(let(ask(limits, start, 0, "ada", ""))); // a cell has no key
        std::get<0>(one).finish(0);
        QVERIFY(let(ask(limits)));
        one = std::move(two); // still one
        Outcome three = ask(limits);
        QVERIFY(let(three) && !let(ask(limits)));
    }
    void ownLimitsReplaceTheOnesOfEach() {
        RateLimits limits;
        QVERIFY(limits.configure({limit("person", "", 1), limit("person", "ada", 3), limit("person", "root", 0)}, start).ok());
        for (int i = 0; i < 3; ++i)
            QVERIFY(let(ask(limits)));
        QVERIFY(!let(ask(limits)));
        QVERIFY(let(ask(limits, start, 0, "bob")) && !let(ask(limits, start, 0, "bob")));
        for (int i = 0; i < 100; ++i)
            QVERIFY(let(ask(limits, start, 0, "root")));
    }
    void allOfThemOrNone() {
        RateLimits limits;
        QVERIFY(limits.configure({limit("key", "", 5), limit("person", "", 5), limit("route", "big", 2)}, start).ok());
        QVERIFY(let(ask(limits)) && let(ask(limits)));
        for (int i = 0; i < 10; ++i) {
            const Outcome refused = ask(limits);
            QVERIFY(!let(refused) && std::get<1>(refused).scope == LimitScope::Route);
        }
        for (int i = 0; i < 3; ++i) // nothing was taken of key and person
            QVERIFY(let(ask(limits, start, 0, "ada", "key_a", "small")));
        QVERIFY(!let(ask(limits, start, 0, "ada", "key_a", "small")));
    }
    void aConfigureKeepsWhatWasUsed() {
        RateLimits limits;
        QVERIFY(limits.configure({limit("person", "", 6)}, start).ok());
        for (int i = 0; i < 6; ++i)
            QVERIFY(let(ask(limits)));
        QVERIFY(limits.configure({limit("person", "", 6)}, start).ok());
        QVERIFY(!let(ask(limits)));
        QVERIFY(limits.configure({limit("person", "", 8)}, start).ok());
        QVERIFY(let(ask(limits)) && let(ask(limits)) && !let(ask(limits)));
        QVERIFY(limits.configure({limit("person", "", 1)}, start).ok());
        QVERIFY(!let(ask(limits, start + 60s)));
    }
    void aLimitThatIsNewBeginsFull() {
        RateLimits limits;
        for (int i = 0; i < 100; ++i)
            QVERIFY(let(ask(limits)));
        QVERIFY(limits.configure({limit("person", "", 6)}, start).ok());
        QVERIFY(let(ask(limits)));
    }
    void theLargestLimitHasRoomForItsDebt() {
        RateLimits limits;
        constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();
        QVERIFY(limits.configure({limit("person", "", most, most, most)}, start).ok());
        Outcome one = ask(limits, start, most);
        std::get<0>(one).finish(most);
        const Outcome refused = ask(limits, start, most);
        QVERIFY(!let(refused) && std::get<1>(refused).current > 0);
        QVERIFY(let(ask(limits, start + 61min, most)));
    }
    void idleOnesAreForgotten() {
        RateLimits limits;
        QVERIFY(limits.configure({limit("person", "", 6)}, start).ok());
        Outcome under = ask(limits);
        QVERIFY(let(ask(limits, start, 0, "bob", "", "")));
        QVERIFY(limits.configure({limit("person", "", 6)}, start + 1h).ok());
        QCOMPARE(limits.remembered(), std::size_t(3)); // those of the one that is under way
        std::get<0>(under).finish(0);
        QVERIFY(limits.configure({limit("person", "", 6)}, start + 2h).ok());
        QCOMPARE(limits.remembered(), std::size_t(0));
    }
    void wrongLimitsChangeNothing() {
        RateLimits limits;
        QVERIFY(limits.configure({limit("person", "", 1)}, start).ok());
        QVERIFY(!limits.configure({limit("planet", "", 9)}, start).ok());
        QVERIFY(!limits.configure({limit("person", "", -1)}, start).ok());
        QVERIFY(!limits.configure({limit("person", "", 9), limit("person", "", 9)}, start).ok());
        QVERIFY(!limits.configure({limit("key", "k", 9), limit("key", "k", 9)}, start).ok());
        QVERIFY(let(ask(limits)) && !let(ask(limits)));
    }
    void headersAreOfTheTightest() {
        RateLimits limits;
        QVERIFY(limits.configure({limit("person", "", 60, 1000), limit("route", "big", 10)}, start).ok());
        Outcome one = ask(limits, start, 100);
        const auto headers = limits.headers({"key_a", "ada", "big", 0}, start);
        QCOMPARE(headers.requests->limit, 10);
        QCOMPARE(headers.requests->remaining, 9);
        QCOMPARE(headers.requests->reset, 6000ms);
        QCOMPARE(headers.tokens->limit, 1000);
        QCOMPARE(headers.tokens->remaining, 900);
        QCOMPARE(headers.tokens->reset, 6000ms);
        std::get<0>(one).finish(5000);
        QCOMPARE(limits.headers({"key_a", "ada", "big", 0}, start).tokens->remaining, 0); // a debt is none left
    }
    void aReasonHasItsRuleAndNumbers_data() {
        QTest::addColumn<int>("which");
        QTest::addColumn<QString>("rule");
        QTest::newRow("requests") << 0 << "requests_per_minute";
        QTest::newRow("tokens") << 1 << "tokens_per_minute";
        QTest::newRow("streams") << 2 << "parallel_streams";
    }
    void aReasonHasItsRuleAndNumbers() {
        QFETCH(int, which);
        QFETCH(QString, rule);
        const LimitRefusal refusal{static_cast<LimitOf>(which), LimitScope::Person, "ada", 10, 10, 1, 6000ms};
        const RefusalReason reason = refusal.reason();
        QCOMPARE(std::string(reason.rule), rule.toStdString());
        QVERIFY(reason.kind == Refusal::TooMany);
        QCOMPARE(reason.retryAfterSeconds(), 6);
        QVERIFY(reason.sentence.starts_with("You have a limit of 10 "));
        QCOMPARE(json::value_to<std::int64_t>(reason.numbersJson().at("limit")), 10);
        QVERIFY(!reason.change.empty());
    }
};

QTEST_GUILESS_MAIN(TestRateLimits)
#include "tst_rate_limits.moc"
