// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/circuit_breaker.h"
#include "model/retry_budget.h"

#include <QTest>

using namespace clawloops;
using namespace clawloops::model;
using namespace std::chrono_literals;
using Try = CircuitBreaker::Try;

namespace {

const SteadyTime start{1h};
const WallTime wall = fromUnixSeconds(1'800'000'000);

void opened(CircuitBreaker& breaker, SteadyTime now = start) {
    for (int i = 0; i < 3; ++i)
        breaker.report(breaker.mayTry(now), TargetOutcome::CannotConnect, now, wall);
}

} // namespace

class TestCircuitBreaker : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void statusesSayWhatIsTheMatter_data() {
        QTest::addColumn<int>("status");
        QTest::addColumn<bool>("retryAfter");
        QTest::addColumn<int>("outcome");
        const auto row = [](int status, bool retryAfter, TargetOutcome outcome) {
            QTest::addRow("%d %d", status, retryAfter) << status << retryAfter << static_cast<int>(outcome);
        };
        row(200, false, TargetOutcome::Answered);
        row(400, false, TargetOutcome::Answered);
        row(404, false, TargetOutcome::Answered);
        row(401, false, TargetOutcome::WrongKey);
        row(403, true, TargetOutcome::WrongKey);
        row(429, false, TargetOutcome::Busy);
        row(429, true, TargetOutcome::Busy);
        row(503, true, TargetOutcome::Busy);
        row(503, false, TargetOutcome::Failed);
        row(500, true, TargetOutcome::Failed);
        row(529, false, TargetOutcome::Failed);
    }
    void statusesSayWhatIsTheMatter() {
        QFETCH(int, status);
        QFETCH(bool, retryAfter);
        QFETCH(int, outcome);
        QCOMPARE(static_cast<int>(outcomeOfStatus(status, retryAfter)), outcome);
    }
    void closedUntilTheThirdFailureInARow() {
        CircuitBreaker breaker;
        QVERIFY(breaker.health(start).state == TargetState::Unknown);
        for (const TargetOutcome outcome : {TargetOutcome::CannotConnect, TargetOutcome::TimedOut, TargetOutcome::Answered,
                                            TargetOutcome::Failed, TargetOutcome::TimedOut}) {
            QVERIFY(breaker.mayTry(start) == Try::Yes);
            breaker.report(Try::Yes, outcome, start, wall);
        }
        QVERIFY(breaker.mayTry(start) == Try::Yes);
        QVERIFY(breaker.health(start).state == TargetState::Up);
        QVERIFY(breaker.report(Try::Yes, TargetOutcome::Failed, start, wall + 5s, 500));
        QVERIFY(breaker.mayTry(start) == Try::No && !breaker.wouldTry(start));
        const TargetHealth health = breaker.health(start);
        QVERIFY(health.state == TargetState::Down && health.since == wall + 5s);
        QCOMPARE(health.retryIn, 1000ms);
        QVERIFY(health.sentence.find("500") != std::string::npos && health.sentence.ends_with("again in 1 s."));
    }
    void afterThePauseThereIsOneProbe() {
        CircuitBreaker breaker;
        opened(breaker);
        QVERIFY(breaker.mayTry(start + 999ms) == Try::No);
        QVERIFY(breaker.wouldTry(start + 1s));
        QVERIFY(breaker.mayTry(start + 1s) == Try::Probe);
        QVERIFY(breaker.mayTry(start + 1s) == Try::No);
        QVERIFY(breaker.health(start + 1s).sentence.ends_with("It is being tried."));
        QVERIFY(breaker.report(Try::Probe, TargetOutcome::Answered, start + 2s, wall + 2s));
        QVERIFY(breaker.mayTry(start + 2s) == Try::Yes && breaker.mayTry(start + 2s) == Try::Yes);
        QVERIFY(breaker.health(start + 2s).state == TargetState::Up);
    }
    void eachProbeThatFailsDoublesThePauseUpToAMinute() {
        CircuitBreaker breaker;
        opened(breaker);
        SteadyTime now = start;
        for (const auto pause : {1s, 2s, 4s, 8s, 16s, 32s, 60s, 60s}) {
            QVERIFY(breaker.mayTry(now + pause - 1ms) == Try::No);
            now += pause;
            QVERIFY(breaker.mayTry(now) == Try::Probe);
            breaker.report(Try::Probe, TargetOutcome::CannotConnect, now, wall + 10s);
        }
        QVERIFY(breaker.health(now).since == wall); // down since the first
        QVERIFY(breaker.mayTry(now + 60s) == Try::Probe);
        breaker.report(Try::Probe, TargetOutcome::Answered, now + 60s, wall);
        opened(breaker, now + 60s);
        QVERIFY(breaker.mayTry(now + 61s) == Try::Probe); // from the beginning again
    }
    void failuresOfOlderRequestsSayNothingNew() {
        CircuitBreaker breaker;
        opened(breaker);
        QVERIFY(!breaker.report(Try::Yes, TargetOutcome::TimedOut, start + 900ms, wall));
        QVERIFY(breaker.mayTry(start + 1s) == Try::Probe);
        breaker.report(Try::Yes, TargetOutcome::TimedOut, start + 1s, wall);
        QVERIFY(breaker.mayTry(start + 4s) == Try::No); // the probe is still out
        QVERIFY(breaker.report(Try::Yes, TargetOutcome::Answered, start + 5s, wall)); // but an answer is one
        QVERIFY(breaker.mayTry(start + 5s) == Try::Yes);
        QVERIFY(!breaker.report(Try::Probe, TargetOutcome::TimedOut, start + 6s, wall)); // one failure of three
        QVERIFY(breaker.mayTry(start + 6s) == Try::Yes);
    }
    void aProbeThatNobodyReportsOnIsGivenUp() {
        CircuitBreaker breaker;
        opened(breaker);
        QVERIFY(breaker.mayTry(start + 1s) == Try::Probe);
        QVERIFY(breaker.mayTry(start + 120s) == Try::No);
        QVERIFY(breaker.mayTry(start + 121s) == Try::Probe);
    }
    void aProbeWhoseClientLeftIsFollowedByAnother() {
        CircuitBreaker breaker;
        opened(breaker);
        QVERIFY(breaker.mayTry(start + 1s) == Try::Probe);
        QVERIFY(!breaker.report(Try::Probe, TargetOutcome::Unknown, start + 2s, wall));
        QVERIFY(breaker.health(start + 2s).state == TargetState::Down);
        QVERIFY(breaker.mayTry(start + 2s) == Try::Probe);
    }
    void busyIsAvoidedAsLongAsItSaysAndIsNoFailure() {
        CircuitBreaker breaker;
        breaker.report(Try::Yes, TargetOutcome::CannotConnect, start, wall);
        breaker.report(Try::Yes, TargetOutcome::CannotConnect, start, wall);
        QVERIFY(breaker.report(Try::Yes, TargetOutcome::Busy, start, wall, 429, 7s));
        QVERIFY(breaker.health(start).state == TargetState::Busy);
        QCOMPARE(breaker.health(start).retryIn, 7000ms);
        QVERIFY(breaker.health(start).sentence.find("429") != std::string::npos);
        QVERIFY(breaker.mayTry(start + 6999ms) == Try::No && breaker.mayTry(start + 7s) == Try::Yes);
        breaker.report(Try::Yes, TargetOutcome::CannotConnect, start + 7s, wall); // the row was broken
        QVERIFY(breaker.mayTry(start + 7s) == Try::Yes);
        breaker.report(Try::Yes, TargetOutcome::Busy, start + 8s, wall, 429);
        QCOMPARE(breaker.health(start + 8s).retryIn, 1000ms);
        breaker.report(Try::Yes, TargetOutcome::Busy, start + 8s, wall, 429, 24h);
        QCOMPARE(breaker.health(start + 8s).retryIn, 300'000ms);
        breaker.report(Try::Yes, TargetOutcome::Busy, start + 8s, wall, 429, -5s);
        QVERIFY(breaker.wouldTry(start + 8s));
    }
    void aBusyAnswerToTheProbeCloses() {
        CircuitBreaker breaker;
        opened(breaker);
        QVERIFY(breaker.mayTry(start + 1s) == Try::Probe);
        breaker.report(Try::Probe, TargetOutcome::Busy, start + 1s, wall, 503, 2s);
        QVERIFY(breaker.mayTry(start + 3s) == Try::Yes && breaker.mayTry(start + 3s) == Try::Yes);
    }
    void aWrongKeyIsSaidAndAvoided() {
        CircuitBreaker breaker;
        QVERIFY(breaker.report(Try::Yes, TargetOutcome::WrongKey, start, wall, 401));
        const TargetHealth health = breaker.health(start);
        QVERIFY(health.state == TargetState::WrongKey && health.since == wall);
        QVERIFY(health.sentence.find("credential") != std::string::npos);
        QVERIFY(breaker.mayTry(start + 29s) == Try::No && breaker.mayTry(start + 30s) == Try::Yes);
        breaker.forget();
        QVERIFY(breaker.mayTry(start) == Try::Yes && breaker.health(start).state == TargetState::Unknown);
    }
    void everyStateHasItsNameAndSentence() {
        for (int i = 0; i <= static_cast<int>(TargetState::WrongKey); ++i)
            QVERIFY(i == 0 || nameOf(static_cast<TargetState>(i)) != "unknown");
        for (const TargetOutcome outcome : {TargetOutcome::CannotConnect, TargetOutcome::TimedOut, TargetOutcome::Failed}) {
            CircuitBreaker breaker;
            for (int i = 0; i < 3; ++i)
                breaker.report(Try::Yes, outcome, start, wall);
            QVERIFY(breaker.health(start).sentence.find("See ") != std::string::npos);
            QVERIFY(breaker.health(start + 1s).sentence.ends_with("with the next request."));
        }
    }
    void aFifthOfTheRequestsMayBeRetried() {
        RetryBudget budget;
        const auto taken = [&](SteadyTime now) {
            int count = 0;
            while (count < 1000 && budget.takeRetry(now))
                ++count;
            return count;
        };
        QCOMPARE(taken(start), 3); // always
        QCOMPARE(taken(start + 9s), 0);
        QCOMPARE(taken(start + 10s), 3); // the window is over
        for (int i = 0; i < 100; ++i)
            budget.countRequest(start + 30s);
        QCOMPARE(taken(start + 30s), 20);
        for (int i = 0; i < 50; ++i)
            budget.countRequest(start + 35s);
        QCOMPARE(taken(start + 35s), 10);
        QCOMPARE(taken(start + 40s), 0); // 50 requests, 10 retries of them
        QCOMPARE(taken(start + 1h), 3);
    }
};

QTEST_GUILESS_MAIN(TestCircuitBreaker)
#include "tst_circuit_breaker.moc"
