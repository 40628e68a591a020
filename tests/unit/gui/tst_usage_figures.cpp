// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/budget.h"
#include "models/budgets_table.h"
#include "models/money.h"
#include "models/share.h"
#include "models/usage_period.h"
#include "models/usage_report.h"

#include <QtTest>

using namespace clawloops;
using namespace clawloops::gui;

class UsageFigures : public QObject {
    Q_OBJECT

    static QString plain(QString text) { return text.replace(QChar(0x202F), u' '); }
    static json::object line(const char* key, std::int64_t requests) {
        return {{"key", key}, {"title", key}, {"requests", requests}, {"failed", 0}, {"promptTokens", 10}, {"cachedTokens", 0},
                {"completionTokens", 2}, {"reasoningTokens", 0}, {"costNanos", 5}, {"estimated", 0}};
    }

private Q_SLOTS:
    void moneyIsShortInTablesAndWholeInTooltips() {
        QCOMPARE(moneyText(0), QStringLiteral("$0.00"));
        QCOMPARE(moneyText(1), QStringLiteral("< $0.01"));
        QCOMPARE(moneyText(9'999'999), QStringLiteral("< $0.01"));
        QCOMPARE(moneyText(14'999'999), QStringLiteral("$0.01"));
        QCOMPARE(moneyText(15'000'000), QStringLiteral("$0.02"));
        QCOMPARE(moneyText(999'999'999), QStringLiteral("$1.00"));
        QCOMPARE(plain(moneyText(1'204'500'000'000)), QStringLiteral("$1 204.50"));
        QCOMPARE(moneyText(-3'200'000'000), QStringLiteral("-$3.20"));
        QCOMPARE(exactMoneyText(123'000), QStringLiteral("$0.000123"));
        QCOMPARE(exactMoneyText(20'000'000'000), QStringLiteral("$20.00"));
        QCOMPARE(plain(exactCountText(1'204'118)), QStringLiteral("1 204 118"));
        QCOMPARE(plain(exactCountText(-1'204)), QStringLiteral("-1 204"));
        QCOMPARE(exactCountText(999), QStringLiteral("999"));
    }

    void whatAPersonTypesIsMoneyOrIsNot() {
        QCOMPARE(nanosFromText(QStringLiteral(" $5.50 ")), std::optional<qint64>(5'500'000'000));
        QCOMPARE(nanosFromText(QStringLiteral("0.000000001")), std::optional<qint64>(1));
        for (const char* wrong : {"", "5,50", "1.", ".5", "-1", "1e9", "0.0000000001", "99999999999999", "5 $", "1 000"})
            QVERIFY2(!nanosFromText(QString::fromLatin1(wrong)), wrong);
        QCOMPARE(countFromText(QStringLiteral("200 000")), std::optional<qint64>(200'000));
        QCOMPARE(countFromText(QStringLiteral("1.5 M")), std::optional<qint64>(1'500'000));
        QCOMPARE(countFromText(QStringLiteral("41k")), std::optional<qint64>(41'000));
        for (const char* wrong : {"", "1.5", "k", "-3", "1.2345M", "99999999999999999999", "3 m"})
            QVERIFY2(!countFromText(QString::fromLatin1(wrong)), wrong);
    }

    void aReportThatCannotBeReadSaysWhere() {
        json::object answer{{"from", "2026-11-01"}, {"to", "2026-11-02"}, {"by", "person"}, {"items", json::array{line("a", 1), line("b", 2)}}, {"total", line("", 3)}};
        auto report = UsageReport::read(answer);
        QVERIFY(report);
        QCOMPARE(report->sum().requests, 3);
        answer["items"].as_array()[1].as_object()["requests"] = "two";
        report = UsageReport::read(answer);
        QVERIFY(!report);
        QVERIFY2(report.error().message.find("requests") != std::string::npos, report.error().message.c_str());
        answer["items"] = json::array{1};
        QVERIFY(!UsageReport::read(answer));
        answer["items"] = json::array{};
        QVERIFY(UsageReport::read(answer));
        answer.erase("total");
        QVERIFY(!UsageReport::read(answer));
    }

    void theTotalIsComparedInEveryFigure() {
        for (const char* name : {"requests", "failed", "promptTokens", "cachedTokens", "completionTokens", "reasoningTokens", "costNanos", "estimated"}) {
            json::object one = line("a", 1);
            json::object total = one;
            auto same = UsageReport::read({{"from", ""}, {"to", ""}, {"by", "person"}, {"items", json::array{one}}, {"total", total}});
            QVERIFY(same && same->addsUp());
            total[name] = 777;
            auto other = UsageReport::read({{"from", ""}, {"to", ""}, {"by", "person"}, {"items", json::array{one}}, {"total", total}});
            QVERIFY2(other && !other->addsUp(), name);
        }
    }

    void aRaiseCountsOnItsDayAlone() {
        Budget budget;
        budget.limit = 100;
        budget.raisedBy = 50;
        budget.raisedOn = QStringLiteral("2026-11-26");
        QCOMPARE(budget.limitOn(QDate(2026, 11, 26)), qint64(150));
        QCOMPARE(budget.limitOn(QDate(2026, 11, 27)), qint64(100));
    }

    void aBarIsNeverLongerThanItsPlace() {
        QCOMPARE(Share::of(50, 10, 100).spent, 0.5);
        QCOMPARE(Share::of(50, 90, 100).reserved, 0.5);
        QVERIFY(Share::of(130, 10, 100).isGone());
        QCOMPARE(Share::of(130, 10, 100).reserved, 0.0);
        QVERIFY(Share::of(0, 0, 0).isGone()); // nothing is allowed
        QVERIFY(Share::of(70, 10, 100).isNearlyGone());
        QVERIFY(!Share::of(70, 9, 100).isNearlyGone());
    }

    void daysAreSaidAsPeopleSayThem() {
        QCOMPARE((UsagePeriod{QDate(2026, 11, 1), QDate(2026, 11, 26)}).text(), QStringLiteral("1 to 26 November 2026"));
        QCOMPARE((UsagePeriod{QDate(2026, 10, 30), QDate(2026, 11, 2)}).text(), QStringLiteral("30 October to 2 November 2026"));
        QCOMPARE((UsagePeriod{QDate(2025, 12, 31), QDate(2026, 1, 1)}).text(), QStringLiteral("31 December 2025 to 1 January 2026"));
        QCOMPARE((UsagePeriod{QDate(2026, 11, 1), QDate(2026, 11, 1)}).text(), QStringLiteral("1 November 2026"));
        QCOMPARE(UsagePeriod::lastMonth(QDate(2028, 3, 31)), (UsagePeriod{QDate(2028, 2, 1), QDate(2028, 2, 29)}));
    }
};

QTEST_GUILESS_MAIN(UsageFigures)
#include "tst_usage_figures.moc"
