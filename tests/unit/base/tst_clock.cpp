// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/clock.h"

#include <QTest>
#include <limits>

using namespace clawloops;

class ClockTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void aTimeIsReadAsItIsWritten() {
        for (const std::int64_t millis : {0ll, 1'795'737'912'345ll, -1ll, 951'782'400'000ll}) {
            const WallTime time = fromUnixMillis(millis);
            QCOMPARE(toUnixMillis(fromRfc3339(toRfc3339(time)).value()), millis);
        }
        QCOMPARE(toRfc3339(fromRfc3339("2026-12-01T00:00:00Z").value()), std::string("2026-12-01T00:00:00.000Z"));
        for (const char* wrong : {"", "2026-12-01", "2026-13-01T00:00:00Z", "2026-02-30T00:00:00Z", "2026-12-01T24:00:00Z", "2026-12-01T00:00:00", "2026-12-01T00:00:00.12Z",
                                  "2026-12-01 00:00:00Z", "-026-12-01T00:00:00Z", "9026-12-01T00:00:00Z", "2026-12-01T00:00:00.000Z "})
            QVERIFY2(!fromRfc3339(wrong), wrong);
    }
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
