// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "orchestrator/next_step.h"
#include "orchestrator/retry_memory.h"
#include "orchestrator/task_steps.h"

#include <QTest>

using namespace clawloops;
using namespace clawloops::orchestrator;

Q_DECLARE_METATYPE(clawloops::orchestrator::Runtime)
Q_DECLARE_METATYPE(std::optional<clawloops::runtime::Cell>)

namespace {

Runtime row(DesiredState desired, ObservedState observed) {
    Runtime runtime;
    runtime.id = "run_1";
    runtime.cellId = "c0";
    runtime.desired = desired;
    runtime.observed = observed;
    runtime.inputs = "inputs";
    if (observed == ObservedState::Running || observed == ObservedState::Paused) {
        runtime.spec = "spec";
        runtime.hasToken = true;
    }
    return runtime;
}

std::optional<runtime::Cell> cell(const char* state, const char* spec = "spec") {
    runtime::Cell one;
    one.cellId = "c0";
    one.state = state;
    one.spec = spec;
    return one;
}

} // namespace

class TestNextStep : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void eachStateHasOneStep_data() {
        QTest::addColumn<Runtime>("runtime");
        QTest::addColumn<std::optional<runtime::Cell>>("shown");
        QTest::addColumn<int>("step");
        using D = DesiredState;
        using O = ObservedState;
        const auto none = std::optional<runtime::Cell>();
        const auto add = [](const char* name, const Runtime& runtime, const std::optional<runtime::Cell>& shown, Step step) {
            QTest::newRow(name) << runtime << shown << static_cast<int>(step);
        };
        Runtime held = row(D::Running, O::Error);
        held.held = true;
        Runtime inFlight = row(D::Running, O::Creating);
        inFlight.hasToken = true;
        Runtime noToken = row(D::Running, O::Running);
        noToken.hasToken = false;
        Runtime otherInputs = row(D::Running, O::Running);
        otherInputs.inputs = "older";
        Runtime disabled = row(D::Running, O::Running);
        disabled.userDisabled = true;
        Runtime leftover = row(D::Stopped, O::Stopped);
        leftover.hasToken = true;
        Runtime asked = row(D::Stopped, O::Stopped);
        asked.task = newTask("run_1", "stop", {});

        add("wanted, nothing there", row(D::Running, O::Creating), none, Step::Start);
        add("wanted, an old container there", row(D::Running, O::Creating), cell("exited"), Step::Start);
        add("wanted, created only", row(D::Running, O::Creating), cell("created"), Step::Start);
        add("wanted, held in error", held, none, Step::Hold);
        add("wanted, held in error, still running", held, cell("running"), Step::Hold);
        add("ran, ended by itself", row(D::Running, O::Running), cell("exited"), Step::Crashed);
        add("ran, gone", row(D::Running, O::Running), none, Step::Crashed);
        add("runs", row(D::Running, O::Running), cell("running"), Step::Nothing);
        add("was paused by somebody", row(D::Running, O::Running), cell("paused"), Step::MarkPaused);
        add("paused", row(D::Running, O::Paused), cell("paused"), Step::Nothing);
        add("woken", row(D::Running, O::Paused), cell("running"), Step::MarkRunning);
        add("runs, its start's answer was not heard", inFlight, cell("running"), Step::Adopt);
        add("runs as another spec", row(D::Running, O::Running), cell("running", "other"), Step::Recreate);
        add("runs, its token is gone", noToken, cell("running"), Step::Recreate);
        add("runs, settings changed", otherInputs, cell("running"), Step::Recreate);
        add("runs, its user is disabled", disabled, cell("running"), Step::Stop);
        add("unwanted, runs", row(D::Stopped, O::Running), cell("running"), Step::Stop);
        add("unwanted, paused", row(D::Stopped, O::Paused), cell("paused"), Step::Stop);
        add("unwanted, ended", row(D::Stopped, O::Running), cell("exited"), Step::MarkStopped);
        add("unwanted while being made", row(D::Stopped, O::Creating), none, Step::MarkStopped);
        add("unwanted in error", row(D::Stopped, O::Error), none, Step::MarkStopped);
        add("stopped", row(D::Stopped, O::Stopped), none, Step::Nothing);
        add("stopped, a task waits", asked, none, Step::MarkStopped);
        add("stopped, a token is left", leftover, none, Step::MarkStopped);
        add("to delete, runs", row(D::Deleted, O::Running), cell("running"), Step::Remove);
        add("to delete, in error", row(D::Deleted, O::Error), none, Step::Remove);
        add("deleted", row(D::Deleted, O::Deleted), none, Step::Nothing);
        add("deleted, yet a container is there", row(D::Deleted, O::Deleted), cell("exited"), Step::Remove);
    }
    void eachStateHasOneStep() {
        QFETCH(Runtime, runtime);
        QFETCH(std::optional<clawloops::runtime::Cell>, shown);
        QFETCH(int, step);
        QCOMPARE(static_cast<int>(nextStep(runtime, shown, "inputs")), step);
    }

    void triesGetRarerUpToAMinute() {
        const ManualClock clock;
        const OrchestratorSettings settings;
        RetryMemory memory;
        QCOMPARE(memory.wait(clock).count(), 0);
        std::int64_t base = settings.firstBackoff.count();
        for (int i = 0; i < 12; ++i) {
            memory.failed(clock, settings);
            QVERIFY(memory.wait(clock).count() >= base * 8 / 10);
            QVERIFY(memory.wait(clock).count() <= base * 12 / 10 + 1);
            base = std::min<std::int64_t>(base * 2, 60'000);
        }
        memory.forget();
        QCOMPARE(memory.wait(clock).count(), 0);
    }

    void crashesCountWithinTheirWindowOnly() {
        ManualClock clock;
        const OrchestratorSettings settings;
        RetryMemory often;
        RetryMemory seldom;
        for (int i = 0; i < settings.crashesAllowed; ++i)
            QVERIFY(!often.crashed(clock, settings));
        QVERIFY(often.crashed(clock, settings));
        for (int i = 0; i < 20; ++i) {
            clock.advance(std::chrono::minutes(4));
            QVERIFY(!seldom.crashed(clock, settings));
        }
    }
};

QTEST_GUILESS_MAIN(TestNextStep)
#include "tst_next_step.moc"
