// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/pace.h"

#include <QTest>

using namespace clawloops;

class TestPace : public QObject {
    Q_OBJECT

    static int taken(Pace& pace, const ManualClock& clock, std::string_view who, int times) {
        int count = 0;
        for (int i = 0; i < times; ++i)
            count += pace.take(who, clock.steadyNow()) ? 1 : 0;
        return count;
    }

private Q_SLOTS:
    void aBurstThenOneAfterAnother() {
        ManualClock clock;
        Pace pace(std::chrono::milliseconds(100), 5);
        QCOMPARE(taken(pace, clock, "a", 9), 5);
        clock.advance(std::chrono::milliseconds(99));
        QCOMPARE(taken(pace, clock, "a", 9), 0); // asking in vain costs nothing
        clock.advance(std::chrono::milliseconds(1));
        QCOMPARE(taken(pace, clock, "a", 9), 1);
        clock.advance(std::chrono::milliseconds(350));
        QCOMPARE(taken(pace, clock, "a", 9), 3);
        clock.advance(std::chrono::hours(1));
        QCOMPARE(taken(pace, clock, "a", 9), 5); // a long pause saves up no more than a burst
    }
    void oneTakesNothingFromAnother() {
        ManualClock clock;
        Pace pace(std::chrono::seconds(1), 3);
        QCOMPARE(taken(pace, clock, "a", 9), 3);
        QCOMPARE(taken(pace, clock, "b", 9), 3);
    }
    void whoDidNothingLatelyIsForgotten() {
        ManualClock clock;
        Pace pace(std::chrono::milliseconds(10), 3);
        for (int i = 0; i < 5000; ++i) {
            QVERIFY(pace.take(std::to_string(i), clock.steadyNow()));
            clock.advance(std::chrono::milliseconds(1));
        }
        QVERIFY(pace.remembered() <= 1000);
    }
};

QTEST_GUILESS_MAIN(TestPace)
#include "tst_pace.moc"
