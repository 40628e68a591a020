// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "identity/login_backoff.h"

#include <QTest>

using namespace clawloops;
using namespace clawloops::identity;
using std::chrono::seconds;

class TestLoginBackoff : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void theSixthFailureWaitsAndTheWaitDoublesToAMinute() {
        ManualClock clock;
        LoginBackoff backoff(clock);
        for (int i = 0; i < 5; ++i)
            QCOMPARE(backoff.begin("alice", "192.0.2.1").count(), 0);
        for (const int wait : {1, 2, 4, 8, 16, 32, 60, 60}) {
            QCOMPARE(backoff.begin("alice", "192.0.2.1").count(), wait);
            clock.advance(seconds(wait));
            QCOMPARE(backoff.begin("alice", "192.0.2.1").count(), 0);
        }
    }

    void guessesAtOnceAreNotFree() {
        ManualClock clock;
        LoginBackoff backoff(clock);
        int allowed = 0;
        for (int i = 0; i < 100; ++i)
            if (backoff.begin("alice", "192.0.2." + std::to_string(i)).count() == 0)
                ++allowed;
        QCOMPARE(allowed, 5);
    }

    void oneAddressOverManyAccountsWaitsToo() {
        ManualClock clock;
        LoginBackoff backoff(clock);
        int allowed = 0;
        for (int i = 0; i < 100; ++i)
            if (backoff.begin("user" + std::to_string(i), "192.0.2.1").count() == 0)
                ++allowed;
        QCOMPARE(allowed, 20);
        QCOMPARE(backoff.begin("somebody", "192.0.2.2").count(), 0);
    }

    void aSuccessForgetsTheAccountsFailures() {
        ManualClock clock;
        LoginBackoff backoff(clock);
        for (int round = 0; round < 10; ++round) {
            for (int i = 0; i < 4; ++i)
                QCOMPARE(backoff.begin("alice", "192.0.2." + std::to_string(round)).count(), 0);
            QCOMPARE(backoff.begin("alice", "192.0.2.200").count(), 0);
            backoff.succeeded("alice", "192.0.2.200");
        }
    }

    void manyWhoSignInFromOneAddressDoNotWait() {
        ManualClock clock;
        LoginBackoff backoff(clock);
        for (int i = 0; i < 200; ++i) {
            const std::string name = "user" + std::to_string(i);
            QCOMPARE(backoff.begin(name, "192.0.2.1").count(), 0);
            backoff.succeeded(name, "192.0.2.1");
        }
    }

    void anHourLaterAllIsForgotten() {
        ManualClock clock;
        LoginBackoff backoff(clock);
        for (int i = 0; i < 50; ++i) {
            (void)backoff.begin("alice", "192.0.2.1");
            clock.advance(seconds(61));
        }
        clock.advance(seconds(3600));
        for (int i = 0; i < 5; ++i)
            QCOMPARE(backoff.begin("alice", "192.0.2.1").count(), 0);
    }
};

QTEST_GUILESS_MAIN(TestLoginBackoff)
#include "tst_login_backoff.moc"
