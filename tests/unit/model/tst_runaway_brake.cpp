// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/runaway_brake.h"

#include <QTest>

#include <limits>

using namespace clawloops;
using namespace clawloops::model;
using namespace std::chrono_literals;

namespace {

const SteadyTime start{100h};
const WallTime wall = fromUnixSeconds(1'800'000'000);

// Settings with all signals off.
gateway_verbs::Brake off() {
    return {0, 300, 0, 0, 0, 1'000'000'000};
}
RunawayBrake with(void (*change)(gateway_verbs::Brake&)) {
    gateway_verbs::Brake settings = off();
    change(settings);
    RunawayBrake brake;
    brake.configure(settings, start);
    return brake;
}
RunawayBrake threeIdentical() {
    return with([](auto& settings) { settings.identicalRequests = 3; });
}
RunawayBrake::Verdict ask(RunawayBrake& brake, SteadyTime now, std::uint64_t content = 7, std::string_view user = "ada") {
    return brake.check({user, 0, content, 0, 0}, now, wall);
}
// Three identical ones: slowed from `now` on.
void slow(RunawayBrake& brake, SteadyTime now = start) {
    for (int i = 0; i < 3; ++i)
        (void)ask(brake, now);
}

} // namespace

class TestRunawayBrake : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void identicalRequestsWithinTheTime() {
        RunawayBrake brake = threeIdentical();
        QVERIFY(!ask(brake, start).change && !ask(brake, start + 100s).change);
        QVERIFY(!ask(brake, start + 101s, 8).change && !ask(brake, start + 101s, 7, "bob").change); // another content, another person
        const auto verdict = ask(brake, start + 300s);
        QVERIFY(!verdict.refusal && verdict.change);
        QCOMPARE(verdict.change->rule, std::string_view("identical_requests"));
        QVERIFY(verdict.change->state == BrakeState::Slowed && verdict.change->since == wall);
        QCOMPARE(verdict.change->user, std::string("ada"));
        QCOMPARE(verdict.change->sentence, std::string("The same request came 3 times within 5 min."));
        QCOMPARE(std::get<std::int64_t>(verdict.change->numbers.at(0).value), 3);
    }
    void theLongestMemoryIsAWeek() {
        RunawayBrake brake = with([](auto& settings) {
            settings.identicalRequests = 2;
            settings.identicalWithinSeconds = std::numeric_limits<std::int64_t>::max();
        });
        QVERIFY(!ask(brake, start).change && !ask(brake, start + 170h).change);
        QVERIFY(ask(brake, start + 300h).change);
    }
    void identicalRequestsOverALongerTimeAreHarmless() {
        RunawayBrake brake = threeIdentical();
        for (int i = 0; i < 50; ++i)
            QVERIFY(!ask(brake, start + i * 151s).change);
    }
    void aLoopThroughAFewContentsIsSeen() {
        RunawayBrake brake = threeIdentical();
        bool changed = false;
        for (int i = 0; i < 24; ++i)
            changed = ask(brake, start + 10s * i, 1 + static_cast<std::uint64_t>(i % 8)).change || changed;
        QVERIFY(changed);
    }
    void nothingToCompareIsNotIdentical() {
        RunawayBrake brake = threeIdentical();
        for (int i = 0; i < 50; ++i)
            QVERIFY(!ask(brake, start, 0).change);
    }
    void identicalToolCallsInOneRun() {
        RunawayBrake brake = with([](auto& settings) { settings.identicalToolCalls = 3; });
        const auto call = [&](std::uint64_t run, std::uint64_t tool, std::uint64_t content) {
            return brake.check({"ada", run, content, tool, 0}, start, wall);
        };
        QVERIFY(!call(1, 5, 1).change && !call(1, 5, 2).change);
        QVERIFY(!call(2, 5, 3).change && !call(2, 5, 4).change); // another run
        QVERIFY(!call(1, 6, 5).change && !call(1, 0, 6).change && !call(1, 0, 7).change && !call(1, 0, 8).change);
        const auto verdict = call(1, 5, 9);
        QVERIFY(verdict.change);
        QCOMPARE(verdict.change->rule, std::string_view("identical_tool_calls"));
    }
    void moreRequestsThanAPersonMakes() {
        RunawayBrake brake = with([](auto& settings) { settings.requestsPerTenMinutes = 60; });
        std::uint64_t content = 0;
        for (int i = 0; i < 600; ++i) // six a minute: for hours
            QVERIFY(!ask(brake, start + i * 10s, ++content).change);
        RunawayBrake other = with([](auto& settings) { settings.requestsPerTenMinutes = 60; });
        for (int i = 0; i < 60; ++i)
            QVERIFY(!ask(other, start + i * 5s, ++content).change);
        const auto verdict = ask(other, start + 300s, ++content);
        QVERIFY(verdict.change);
        QCOMPARE(verdict.change->rule, std::string_view("requests_per_ten_minutes"));
    }
    void spendingFarOverTheUsual_data() {
        QTest::addColumn<qint64>("spent");
        QTest::addColumn<qint64>("usual");
        QTest::addColumn<bool>("signal");
        QTest::newRow("as usual") << qint64(1'000'000'000) << qint64(1'000'000'000) << false;
        QTest::newRow("ten times") << qint64(10'000'000'000) << qint64(1'000'000'000) << false;
        QTest::newRow("more than ten times") << qint64(10'000'000'001) << qint64(1'000'000'000) << true;
        QTest::newRow("more, but below the floor") << qint64(999'999'999) << qint64(1) << false;
        QTest::newRow("more, above the floor") << qint64(1'000'000'001) << qint64(1) << true;
        QTest::newRow("not known") << qint64(90'000'000'000) << qint64(0) << false;
    }
    void spendingFarOverTheUsual() {
        QFETCH(qint64, spent);
        QFETCH(qint64, usual);
        QFETCH(bool, signal);
        RunawayBrake brake = with([](auto& settings) { settings.spendTimesUsual = 10; });
        brake.spent("ada", spent - 1, start);
        brake.spent("ada", 1, start + 30min);
        const auto at = [&](SteadyTime now) { return brake.check({"ada", 0, 0, 0, usual}, now, wall).change; };
        QCOMPARE(at(start + 31min).has_value(), signal);
        QVERIFY(!signal || brake.reports(start + 31min).at(0).rule == "spend_far_over_usual");
        if (!signal)
            return;
        const auto later = at(start + 2h); // an hour later it is over
        QVERIFY(later && later->state == BrakeState::Normal);
    }
    void zeroSwitchesASignalOff() {
        RunawayBrake brake;
        brake.configure(off(), start);
        brake.spent("ada", 1'000'000'000'000, start);
        for (int i = 0; i < 5000; ++i)
            QVERIFY(!brake.check({"ada", 1, 7, 7, 1}, start, wall).change);
    }
    void slowedLetsOneInAfterEachPause() {
        RunawayBrake brake = threeIdentical();
        slow(brake);
        const auto refused = ask(brake, start + 500ms, 99);
        QVERIFY(refused.refusal && !refused.change);
        QVERIFY(refused.refusal->kind == Refusal::TooMany);
        QCOMPARE(refused.refusal->rule, std::string_view("slowed"));
        QCOMPARE(refused.refusal->retryAfter, 1500ms);
        QCOMPARE(std::string(refused.refusal->numbersJson().at("cause").as_string()), std::string("identical_requests"));
        QVERIFY(!ask(brake, start + 2s, 99).refusal);
        QVERIFY(ask(brake, start + 3999ms, 100).refusal);
        QVERIFY(!ask(brake, start + 4s, 100).refusal); // no signal: the same pause
    }
    void whoGoesOnIsHeld() {
        RunawayBrake brake = threeIdentical();
        slow(brake);
        SteadyTime now = start;
        for (const auto pause : {2s, 4s, 8s, 16s, 32s}) {
            QVERIFY(ask(brake, now + pause - 1ms).refusal);
            now += pause;
            const auto verdict = ask(brake, now);
            QVERIFY(!verdict.refusal && !verdict.change);
        }
        QVERIFY(ask(brake, now + 60s - 1ms).refusal);
        const auto last = ask(brake, now + 60s);
        QVERIFY(last.refusal && last.change && last.change->state == BrakeState::Held);
        QVERIFY(last.refusal->kind == Refusal::NotAllowed);
        QCOMPARE(last.refusal->rule, std::string_view("held"));
        QVERIFY(last.refusal->sentence.find("The same request came ") != std::string::npos);
        QVERIFY(ask(brake, now + 1000h, 99).refusal); // time does not release
        QVERIFY(brake.stateOf("ada", now + 1000h) == BrakeState::Held);
    }
    void refusedOnesAreNotCounted() {
        RunawayBrake brake = threeIdentical();
        slow(brake);
        for (int i = 0; i < 1000; ++i)
            QVERIFY(ask(brake, start + 1s).refusal);
        QVERIFY(brake.stateOf("ada", start + 1s) == BrakeState::Slowed);
    }
    void tenQuietMinutesEndTheSlowing() {
        RunawayBrake brake = threeIdentical();
        slow(brake);
        QVERIFY(!ask(brake, start + 5min, 99).refusal);
        QVERIFY(brake.stateOf("ada", start + 10min - 1ms) == BrakeState::Slowed);
        QVERIFY(brake.stateOf("ada", start + 10min) == BrakeState::Normal);
        QVERIFY(brake.reports(start + 10min).empty());
        const auto verdict = ask(brake, start + 10min, 99);
        QVERIFY(!verdict.refusal && verdict.change && verdict.change->state == BrakeState::Normal);
        QVERIFY(!ask(brake, start + 10min, 99).refusal);
    }
    void anAdminHoldsAndReleases() {
        RunawayBrake brake = threeIdentical();
        QVERIFY(!brake.release("ada", wall));
        const BrakeReport held = brake.hold("ada", "Wait for the review.", wall);
        QVERIFY(held.state == BrakeState::Held && held.rule == "held_by_admin");
        const auto refused = ask(brake, start);
        QVERIFY(refused.refusal && refused.refusal->sentence.find("Wait for the review.") != std::string::npos);
        QVERIFY(!ask(brake, start, 7, "bob").refusal);
        QCOMPARE(brake.reports(start).size(), std::size_t(1));
        const auto released = brake.release("ada", wall);
        QVERIFY(released && released->state == BrakeState::Normal && nameOf(released->state) == "released");
        QVERIFY(!ask(brake, start).refusal);
    }
    void aReleaseForgetsWhatWasSeen() {
        RunawayBrake brake = threeIdentical();
        slow(brake);
        QVERIFY(brake.release("ada", wall));
        QVERIFY(!ask(brake, start).change && !ask(brake, start).change);
        QVERIFY(ask(brake, start).change); // the third anew
    }
    void onlyWhomItConcernsIsRemembered() {
        RunawayBrake brake = threeIdentical();
        (void)ask(brake, start, 7, "bob");
        slow(brake);
        (void)brake.hold("cy", "x", wall);
        brake.configure(off(), start + 30min);
        QCOMPARE(brake.remembered(), std::size_t(3));
        brake.configure(off(), start + 2h);
        QCOMPARE(brake.remembered(), std::size_t(1));
        QVERIFY(brake.stateOf("cy", start + 2h) == BrakeState::Held);
    }
};

QTEST_GUILESS_MAIN(TestRunawayBrake)
#include "tst_runaway_brake.moc"
