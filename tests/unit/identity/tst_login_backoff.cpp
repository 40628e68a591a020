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
        QCOMPARE(allowed, 10);
    }

    void theAccountsOwnPlacesAreNotDelayedByGuessesElsewhere() {
        ManualClock clock;
        LoginBackoff backoff(clock);
        QCOMPARE(backoff.begin("admin", "192.0.2.1").count(), 0);
        backoff.succeeded("admin", "192.0.2.1");
        for (int round = 0; round < 100; ++round) { // as many addresses as it takes, at every moment it may
            for (int i = 0; i < 50; ++i)
                (void)backoff.begin("admin", "198.51.100." + std::to_string(i));
            QCOMPARE(backoff.begin("admin", "192.0.2.1").count(), 0);
            backoff.succeeded("admin", "192.0.2.1");
            clock.advance(seconds(2));
        }
        for (int i = 0; i < 50; ++i) // fresh ones, that wait for nothing of their own
            (void)backoff.begin("admin", "198.51.101." + std::to_string(i));
        QVERIFY(backoff.begin("admin", "203.0.113.9").count() > 0); // a place it never came from waits,
        clock.advance(seconds(2)); // but never longer than this
        QCOMPARE(backoff.begin("admin", "203.0.113.9").count(), 0);
    }

    void aPlaceIsForgottenAfterThirtyDays() {
        ManualClock clock;
        LoginBackoff backoff(clock);
        backoff.succeeded("admin", "192.0.2.1");
        clock.advance(std::chrono::hours(31 * 24));
        for (int i = 0; i < 10; ++i)
            QCOMPARE(backoff.begin("admin", "198.51.100." + std::to_string(i)).count(), 0);
        QVERIFY(backoff.begin("admin", "192.0.2.1").count() > 0);
    }

    void oneMachinesManyIpv6AddressesAreOne() {
        ManualClock clock;
        LoginBackoff backoff(clock);
        int allowed = 0;
        for (int i = 0; i < 100; ++i)
            if (backoff.begin("alice", "2001:db8:0:7:" + std::to_string(i) + "::1").count() == 0)
                ++allowed;
        QCOMPARE(allowed, 5);
        QCOMPARE(backoff.begin("alice", "2001:db8:0:8::1").count(), 0);
        QCOMPARE(addressGroup("2001:0DB8::1:2:3:4:5"), std::string("2001:db8:0:1::/64"));
        QCOMPARE(addressGroup("fe80::1%eth0"), std::string("fe80::/64"));
        QCOMPARE(addressGroup("::ffff:192.0.2.7"), std::string("192.0.2.7"));
        QCOMPARE(addressGroup("192.0.2.7"), std::string("192.0.2.7"));
        QCOMPARE(addressGroup("no address"), std::string("no address"));
    }

    void aPasswordChangeIsDelayedByItsOwnGuessesOnly() {
        ManualClock clock;
        LoginBackoff backoff(clock);
        for (int i = 0; i < 100; ++i)
            (void)backoff.begin("alice", "192.0.2.1");
        for (int i = 0; i < 5; ++i)
            QCOMPARE(backoff.beginChange("session").count(), 0);
        QCOMPARE(backoff.beginChange("session").count(), 1);
        QCOMPARE(backoff.beginChange("another").count(), 0);
        clock.advance(seconds(1));
        QCOMPARE(backoff.beginChange("session").count(), 0);
        backoff.changed("session");
        QCOMPARE(backoff.beginChange("session").count(), 0);
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
