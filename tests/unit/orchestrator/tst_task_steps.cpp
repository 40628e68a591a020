// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "orchestrator/task_steps.h"

#include <QTest>

using namespace clawloops;
using namespace clawloops::orchestrator;
using std::chrono::milliseconds;

namespace {
QString states(const wire::Task& task) {
    QString text;
    for (const auto& step : task.steps)
        text += QString::fromStdString(step.name + "=" + step.state + " ");
    return text.trimmed();
}
} // namespace

class TestTaskSteps : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void aStartGoesThroughItsStepsWithTimes() {
        ManualClock clock;
        wire::Task task = newTask("run_1", "start", clock.now());
        QCOMPARE(states(task), QStringLiteral("reserve=waiting container=waiting openclaw=waiting ready=waiting"));
        QVERIFY(isOpen(task));
        enterStep(task, "reserve", "a", clock.now());
        clock.advance(milliseconds(120));
        enterStep(task, "container", "b", clock.now());
        clock.advance(milliseconds(300));
        QCOMPARE(states(task), QStringLiteral("reserve=done container=running openclaw=waiting ready=waiting"));
        QCOMPARE(*task.steps[0].durationMs, 120);
        QVERIFY(!task.steps[0].sentence);
        QCOMPARE(*task.steps[1].sentence, std::string("b"));
        QVERIFY(!task.steps[1].durationMs);
        enterStep(task, "openclaw", "c", clock.now());
        clock.advance(milliseconds(20'000));
        enterStep(task, "ready", "d", clock.now());
        clock.advance(milliseconds(5));
        succeed(task, clock.now());
        QCOMPARE(states(task), QStringLiteral("reserve=done container=done openclaw=done ready=done"));
        QCOMPARE(*task.steps[1].durationMs, 300);
        QCOMPARE(*task.steps[2].durationMs, 20'000);
        QCOMPARE(task.state, std::string("succeeded"));
        QVERIFY(task.finishedAt && !isOpen(task));
    }

    void aSecondTryMakesTheLaterStepsWaitAgain() {
        ManualClock clock;
        wire::Task task = newTask("run_1", "start", clock.now());
        enterStep(task, "openclaw", "a", clock.now());
        QCOMPARE(states(task), QStringLiteral("reserve=done container=done openclaw=running ready=waiting"));
        clock.advance(milliseconds(1000));
        enterStep(task, "reserve", "again", clock.now());
        QCOMPARE(states(task), QStringLiteral("reserve=running container=waiting openclaw=waiting ready=waiting"));
        QVERIFY(!task.steps[2].startedAt && !task.steps[2].durationMs);
    }

    void sayingMoreAboutAStepDoesNotRestartItsTime() {
        ManualClock clock;
        wire::Task task = newTask("run_1", "start", clock.now());
        enterStep(task, "reserve", "a", clock.now());
        const auto began = task.steps[0].startedAt;
        clock.advance(milliseconds(1000));
        enterStep(task, "reserve", "b", clock.now());
        explainStep(task, "c");
        QCOMPARE(task.steps[0].startedAt, began);
        QCOMPARE(*task.steps[0].sentence, std::string("c"));
    }

    void aFailureIsSaidAtItsStep() {
        ManualClock clock;
        wire::Task task = newTask("run_1", "start", clock.now());
        enterStep(task, "container", "a", clock.now());
        fail(task, "RUNTIME_START_FAILED", "There is no such image.", clock.now());
        QCOMPARE(states(task), QStringLiteral("reserve=done container=failed openclaw=waiting ready=waiting"));
        QCOMPARE(*task.steps[1].sentence, std::string("There is no such image."));
        QCOMPARE(task.error->code, std::string("RUNTIME_START_FAILED"));
        QVERIFY(!isOpen(task));
    }
};

QTEST_GUILESS_MAIN(TestTaskSteps)
#include "tst_task_steps.moc"
