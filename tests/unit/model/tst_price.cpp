// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/price.h"
#include "model/refusal_reason.h"

#include <QTest>

#include <limits>

using namespace clawloops;
using namespace clawloops::model;

class TestPrice : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void aMillionTokensCostThePrice() {
        const Price price{.in = 150'000'000, .cachedIn = std::nullopt, .out = 600'000'000};
        QCOMPARE(*costOf(price, {.in = 1'000'000}), 150'000'000);
        QCOMPARE(*costOf(price, {.out = 1'000'000}), 600'000'000);
        QCOMPARE(*costOf(price, {.in = 1000, .out = 100}), 150'000 + 60'000);
    }
    void cachedTokensArePartOfThePrompt() {
        const Price price{.in = 1'000'000, .cachedIn = 100'000, .out = 0};
        QCOMPARE(*costOf(price, {.in = 100, .cached = 40}), 60 + 4);
        QCOMPARE(*costOf(price, {.in = 100, .cached = 400}), 10); // more than there were: all
        QCOMPARE(*costOf(price, {.in = 100, .cached = -5}), 100);
    }
    void withoutAPriceOfTheirOwnCachedTokensCostAsTheOthers() {
        QCOMPARE(*costOf({.in = 1'000'000, .cachedIn = std::nullopt, .out = 0}, {.in = 100, .cached = 40}), 100);
    }
    void reasoningTokensArePartOfTheAnswer() {
        QCOMPARE(*costOf({.in = 0, .cachedIn = std::nullopt, .out = 1'000'000}, {.out = 100, .reasoning = 90}), 100);
    }
    void aMissingPriceIsUnknownOnlyWhereItIsNeeded() {
        QVERIFY(!costOf({}, {.in = 1}));
        QVERIFY(!costOf({.in = 1, .cachedIn = std::nullopt, .out = std::nullopt}, {.in = 1, .out = 1}));
        QVERIFY(!costOf({.in = std::nullopt, .cachedIn = std::nullopt, .out = 1}, {.in = 1, .cached = 1}));
        QVERIFY(!costOf({.in = std::nullopt, .cachedIn = 1, .out = 1}, {.in = 2, .cached = 1}));
        QVERIFY(costOf({.in = std::nullopt, .cachedIn = 1, .out = 1}, {.in = 2, .cached = 2}));
        QCOMPARE(*costOf({}, {}), 0);
        QVERIFY(!isKnown({.in = 1, .cachedIn = 1, .out = std::nullopt}));
        QVERIFY(!isKnown({.in = std::nullopt, .cachedIn = 1, .out = 1}));
        QVERIFY(isKnown({.in = 0, .cachedIn = std::nullopt, .out = 0}));
    }
    void itIsRoundedUpOnce() {
        const Price price{.in = 1, .cachedIn = 1, .out = 1};
        QCOMPARE(*costOf(price, {.in = 1}), 1); // a millionth of a nano-unit
        QCOMPARE(*costOf(price, {.in = 2, .cached = 1, .out = 1}), 1); // not once per part
        QCOMPARE(*costOf(price, {.in = 1'000'000}), 1);
        QCOMPARE(*costOf(price, {.in = 1'000'001}), 2);
    }
    void whatDoesNotFitIsTheLargestNumber() {
        constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();
        QCOMPARE(*costOf({.in = most, .cachedIn = most, .out = most}, {.in = most, .cached = 1, .out = most}), most);
    }
    void negativeCountsAndPricesAreNothing() {
        QCOMPARE(*costOf({.in = 1'000'000, .cachedIn = std::nullopt, .out = 1'000'000}, {.in = -5, .out = 3}), 3);
        QCOMPARE(*costOf({.in = -1'000'000, .cachedIn = std::nullopt, .out = 1'000'000}, {.in = 5, .out = 3}), 3);
    }
    void theMostIsNeverLessThanWhatItComesTo() {
        for (const std::int64_t cachedIn : {0, 1'000'000, 5'000'000}) {
            const Price price{.in = 2'000'000, .cachedIn = cachedIn, .out = 3'000'000};
            for (std::int64_t cached = 0; cached <= 10; ++cached)
                QVERIFY(*costAtMost(price, 10, 5) >= *costOf(price, {.in = 10, .cached = cached, .out = 5}));
        }
        QVERIFY(!costAtMost({}, 1, 0));
    }
    void theDearestOfTwoIsUnknownWhereOneIs() {
        const Price a{.in = 5, .cachedIn = std::nullopt, .out = 1};
        const Price b{.in = 2, .cachedIn = 1, .out = 7};
        const Price both = dearest(a, b);
        QCOMPARE(*both.in, 5);
        QCOMPARE(*both.cachedIn, 5); // a's cached ones cost as the others
        QCOMPARE(*both.out, 7);
        QVERIFY(!dearest(a, {}).in && !dearest({}, b).out);
    }
    void moneyIsReadable() {
        QCOMPARE(moneyText(0), std::string("$0.00"));
        QCOMPARE(moneyText(1'239'999'999), std::string("$1.23"));
        QCOMPARE(moneyText(150'000'000), std::string("$0.15"));
        QCOMPARE(moneyText(4'200'000), std::string("$0.0042"));
        QCOMPARE(moneyText(999), std::string("$0.00"));
        QCOMPARE(moneyText(-2'500'000'000), std::string("-$2.50"));
        QCOMPARE(moneyText(std::numeric_limits<std::int64_t>::min()), std::string("-$9223372036.85"));
    }
    void aReasonsNumbersAreJson() {
        const RefusalReason reason{.kind = Refusal::BudgetSpent, .rule = "budget", .sentence = "x",
                                   .numbers = {{"spent", std::int64_t(12)}, {"subject", std::string("usr_a")}},
                                   .change = "y", .retryAfter = std::chrono::milliseconds(1001)};
        QCOMPARE(json::serialize(reason.numbersJson()), std::string(R"({"spent":12,"subject":"usr_a"})"));
        QCOMPARE(reason.retryAfterSeconds(), 2);
        QCOMPARE(RefusalReason{}.retryAfterSeconds(), 0);
    }
    void spansAreRoundedUp() {
        using namespace std::chrono_literals;
        QCOMPARE(spanText(0ms), std::string("1 s"));
        QCOMPARE(spanText(1001ms), std::string("2 s"));
        QCOMPARE(spanText(150s), std::string("3 min"));
        QCOMPARE(spanText(3h), std::string("3 h"));
        QCOMPARE(spanText(49h), std::string("3 days"));
    }
};

QTEST_GUILESS_MAIN(TestPrice)
#include "tst_price.moc"
