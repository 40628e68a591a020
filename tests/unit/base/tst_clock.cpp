// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/clock.h"

#include <QTest>
#include <limits>

using namespace clawloops;

class ClockTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void countsAndTimesAreTheSameBothWays() {
        for (const std::int64_t seconds : {-86400LL, 0LL, 1'800'000'000LL}) {
            QCOMPARE(toUnixSeconds(fromUnixSeconds(seconds)), seconds);
            QCOMPARE(toUnixMillis(fromUnixMillis(seconds * 1000 + 7)), seconds * 1000 + 7);
        }
    }
    void aCountBeyondAllTimesIsTheNearestEnd() {
        constexpr auto most = std::numeric_limits<std::int64_t>::max();
        constexpr auto least = std::numeric_limits<std::int64_t>::min();
        const WallTime now = fromUnixSeconds(1'800'000'000);
        QVERIFY(fromUnixSeconds(most) > now + std::chrono::hours(24 * 365 * 100));
        QVERIFY(fromUnixMillis(most) > now + std::chrono::hours(24 * 365 * 100));
        QVERIFY(fromUnixSeconds(least) < now - std::chrono::hours(24 * 365 * 100));
        QVERIFY(fromUnixMillis(least) < now - std::chrono::hours(24 * 365 * 100));
        QVERIFY(fromUnixSeconds(most / 1'000'000'000 + 1) > now);
    }
    void aTimeIsWrittenInUtcWithMilliseconds() {
        QCOMPARE(toRfc3339(fromUnixMillis(1'800'000'000'345)), std::string("2027-01-15T08:00:00.345Z"));
        QCOMPARE(toRfc3339(fromUnixMillis(-1)), std::string("1969-12-31T23:59:59.999Z"));
    }
};

QTEST_APPLESS_MAIN(ClockTest)
#include "tst_clock.moc"
