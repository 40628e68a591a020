// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/digest.h"
#include "doubles.h"
#include "orchestrator/orchestrator.h"
#include "support/open_database.h"

#include <QSignalSpy>
#include <QTest>

using namespace clawloops;
using namespace clawloops::orchestrator;
using clawloops::test::await;

namespace {
constexpr int patience = 60'000;
}

// The orchestrator over a real database; the runtime manager and the gateway are doubles named for what goes wrong.
class TestOrchestrator : public QObject {
    Q_OBJECT

    test::ThrowawayPostgres m_postgres;
    std::unique_ptr<store::Database> m_database;
    std::unique_ptr<test::ObedientRuntime> m_runtime;
    test::ObedientGateway m_gateway;
    EventHub m_hub;
    SystemClock m_clock;
    OrchestratorSettings m_settings;
    std::unique_ptr<ModelRoutes> m_routes;
    std::unique_ptr<Orchestrator> m_orchestrator;
    const store::Actor m_actor{"usr_alice", "alice", "192.0.2.1", "req_1"};

    void begin(std::unique_ptr<test::ObedientRuntime> runtime) {
        m_orchestrator.reset();
        m_routes.reset();
        m_runtime = std::move(runtime);
        startOver();
    }
    // As after a restart of the control plane: the database and the cells are what they were.
    void startOver() {
        m_orchestrator.reset();
        m_routes = std::make_unique<ModelRoutes>(*m_database, m_gateway, m_hub, m_clock,
                                                 ModelRoutes::ComponentUrls{{"starter", "unix:/run/starter.sock"}, {"litellm", "unix:/run/litellm.sock"}});
        m_orchestrator = std::make_unique<Orchestrator>(*m_database, *m_runtime, *m_routes, m_hub, m_clock, m_settings);
        m_routes->start();
        m_orchestrator->start();
    }
    void addUser(const char* name) {
        m_postgres.sql(QStringLiteral("INSERT INTO users (id, username, role, password_hash) VALUES ('usr_%1', '%1', 'user', 'x')").arg(QString::fromLatin1(name)));
    }
    Result<wire::AdminRuntime> start(const std::string& user = "usr_alice") {
        return await<wire::AdminRuntime>([&](auto done) { m_orchestrator->requestStart(user, m_actor, this, done); });
    }
    Result<wire::AdminRuntime> stop(const std::string& user = "usr_alice") {
        return await<wire::AdminRuntime>([&](auto done) { m_orchestrator->requestStop(user, m_actor, this, done); });
    }
    Result<wire::AdminRuntime> remove(bool wipe) {
        return await<wire::AdminRuntime>([&](auto done) { m_orchestrator->requestDelete("usr_alice", wipe, m_actor, this, done); });
    }
    wire::AdminRuntime now(const std::string& user = "usr_alice") {
        auto found = await<wire::AdminRuntime>([&](auto done) { m_orchestrator->runtimeOf(user, this, done); });
        return found ? *found : wire::AdminRuntime();
    }
    std::string observed(const std::string& user = "usr_alice") { return now(user).status.binding.observedState; }
    static std::string running(const wire::AdminRuntime& runtime) {
        if (runtime.status.task)
            for (const auto& step : runtime.status.task->steps)
                if (step.state == "running")
                    return step.name;
        return {};
    }

private Q_SLOTS:
    void init() {
        QVERIFY2(m_postgres.ok(), qPrintable(m_postgres.problem()));
        m_database = test::openFresh(m_postgres);
        QVERIFY(m_database);
        addUser("alice");
        m_gateway.stalls = false;
        m_settings = {};
        m_settings.image = "image-1";
        m_settings.listEvery = std::chrono::milliseconds(300);
        m_settings.probeEvery = std::chrono::milliseconds(20);
        m_settings.firstBackoff = std::chrono::milliseconds(20);
    }
    void cleanup() {
        m_orchestrator.reset();
        m_routes.reset();
        m_runtime.reset();
        m_database.reset();
    }

    void aStartGoesThroughItsStepsToReady() {
        begin(std::make_unique<test::ObedientRuntime>());
        auto asked = start();
        QVERIFY(asked.ok());
        QCOMPARE(asked->status.binding.desiredState, std::string("running"));
        QCOMPARE(asked->status.binding.observedState, std::string("creating"));
        QVERIFY(!asked->status.ready);
        QTRY_COMPARE_WITH_TIMEOUT(observed(), std::string("running"), patience);
        const auto runtime = now();
        QVERIFY(runtime.status.ready);
        QCOMPARE(runtime.status.task->taskId, asked->status.task->taskId);
        QCOMPARE(runtime.status.task->state, std::string("succeeded"));
        for (const auto& step : runtime.status.task->steps) {
            QCOMPARE(step.state, std::string("done"));
            QVERIFY(step.startedAt && step.durationMs);
        }
        // The cell has the token, the gateway its hash, the database nothing else.
        const QString hash = QString::fromStdString(toHex(sha256(m_runtime->lastStart.token.reveal())));
        QCOMPARE(m_postgres.sql(QStringLiteral("SELECT token_hash FROM runtimes")), hash);
        QCOMPARE(QString::fromStdString(m_gateway.last.cells.at(0).tokenHash), hash);
        QCOMPARE(m_gateway.last.cells.at(0).user, std::string("usr_alice"));
        QCOMPARE(m_runtime->lastStart.defaultModel, std::string("starter"));
        QCOMPARE(m_runtime->lastStart.models.size(), std::size_t(2));
        QCOMPARE(start()->status.task->state, std::string("succeeded"));
        QCOMPARE(m_runtime->starts, 1);
    }

    void aStalledStepStaysAndSaysSoAndCanBeLeft_data() {
        QTest::addColumn<QString>("what");
        QTest::addColumn<QString>("step");
        QTest::newRow("folders") << QStringLiteral("prepare") << QStringLiteral("reserve");
        QTest::newRow("gateway") << QStringLiteral("gateway") << QStringLiteral("reserve");
        QTest::newRow("container") << QStringLiteral("start") << QStringLiteral("container");
        QTest::newRow("openclaw") << QStringLiteral("live") << QStringLiteral("openclaw");
        QTest::newRow("ready") << QStringLiteral("ready") << QStringLiteral("ready");
    }
    void aStalledStepStaysAndSaysSoAndCanBeLeft() {
        QFETCH(QString, what);
        QFETCH(QString, step);
        std::unique_ptr<test::ObedientRuntime> runtime = std::make_unique<test::ObedientRuntime>();
        if (what == QStringLiteral("prepare"))
            runtime = std::make_unique<test::StallingPrepare>();
        else if (what == QStringLiteral("start"))
            runtime = std::make_unique<test::StallingStart>();
        else if (what == QStringLiteral("live"))
            runtime = std::make_unique<test::NeverLiveRuntime>();
        else if (what == QStringLiteral("ready"))
            runtime = std::make_unique<test::NeverReadyRuntime>();
        begin(std::move(runtime));
        QTRY_VERIFY_WITH_TIMEOUT(m_gateway.configured > 0, patience);
        m_gateway.stalls = what == QStringLiteral("gateway");
        QVERIFY(start().ok());
        QTRY_COMPARE_WITH_TIMEOUT(running(now()), step.toStdString(), patience);
        QTest::qWait(1500); // several listings and many probes
        const auto stalled = now();
        QCOMPARE(running(stalled), step.toStdString());
        QCOMPARE(stalled.status.binding.observedState, std::string("creating"));
        QVERIFY(!stalled.status.ready);
        QVERIFY(!stalled.status.reason.empty());
        for (const auto& one : stalled.status.task->steps)
            if (one.state == "running")
                QVERIFY(one.sentence && *one.sentence == stalled.status.reason && one.startedAt && !one.durationMs);
        QVERIFY(stop().ok());
        QTRY_COMPARE_WITH_TIMEOUT(observed(), std::string("stopped"), patience);
        QCOMPARE(now().status.task->action, std::string("stop"));
        QCOMPARE(m_postgres.sql(QStringLiteral("SELECT state FROM tasks WHERE action = 'start'")), QStringLiteral("failed"));
    }

    void aStoppedCellStartsAgainWithAnotherToken() {
        begin(std::make_unique<test::ObedientRuntime>());
        QVERIFY(start().ok());
        QTRY_COMPARE_WITH_TIMEOUT(observed(), std::string("running"), patience);
        const Secret first = m_runtime->lastStart.token;
        QVERIFY(stop().ok());
        QTRY_COMPARE_WITH_TIMEOUT(observed(), std::string("stopped"), patience);
        QTRY_VERIFY_WITH_TIMEOUT(m_gateway.last.cells.empty(), patience); // its token opens nothing any more
        QVERIFY(start().ok());
        QTRY_COMPARE_WITH_TIMEOUT(observed(), std::string("running"), patience);
        QVERIFY(!m_runtime->lastStart.token.equals(first));
    }

    void oneThatCrashesIsStartedAgainAndAfterTooOftenHeld() {
        begin(std::make_unique<test::CrashingRuntime>(1));
        QVERIFY(start().ok());
        QTRY_COMPARE_WITH_TIMEOUT(observed(), std::string("error"), patience);
        const int starts = m_runtime->starts;
        QCOMPARE(starts, m_settings.crashesAllowed + 1);
        const auto runtime = now();
        QVERIFY2(runtime.status.binding.lastError->find("exit code 1") != std::string::npos, runtime.status.binding.lastError->c_str());
        QVERIFY(runtime.status.binding.lastError->find("the last line") != std::string::npos);
        QCOMPARE(runtime.status.task->error->code, std::string("RUNTIME_START_FAILED"));
        QTest::qWait(1000);
        QCOMPARE(m_runtime->starts, starts); // held
        QVERIFY(start().ok()); // and asked for, it tries again
        QTRY_VERIFY_WITH_TIMEOUT(m_runtime->starts > starts, patience);
    }

    void aRefusedConfigurationIsNotTriedBlindly() {
        begin(std::make_unique<test::CrashingRuntime>(78));
        QVERIFY(start().ok());
        QTRY_COMPARE_WITH_TIMEOUT(observed(), std::string("error"), patience);
        QCOMPARE(m_runtime->starts, 1);
        QVERIFY(now().status.binding.lastError->find("configuration") != std::string::npos);
        QVERIFY(stop().ok());
        QTRY_COMPARE_WITH_TIMEOUT(observed(), std::string("stopped"), patience);
    }

    void aRefusalOfTheRuntimeManagerEndsTheTaskWithItsReason() {
        begin(std::make_unique<test::RefusingRuntime>());
        QVERIFY(start().ok());
        QTRY_COMPARE_WITH_TIMEOUT(observed(), std::string("error"), patience);
        QCOMPARE(m_runtime->starts, 1);
        QCOMPARE(now().status.task->error->message, std::string("There is no image of that name."));
    }

    void oneThatIsNeverReadyIsStoppedInTheEnd() {
        m_settings.readyWithin = std::chrono::milliseconds(500);
        begin(std::make_unique<test::NeverReadyRuntime>());
        QVERIFY(start().ok());
        QTRY_COMPARE_WITH_TIMEOUT(observed(), std::string("error"), patience);
        QCOMPARE(m_runtime->stops, 1);
        QCOMPARE(m_runtime->starts, 1);
    }

    void aCrashOfARunningOneIsRepaired() {
        begin(std::make_unique<test::ObedientRuntime>());
        QVERIFY(start().ok());
        QTRY_COMPARE_WITH_TIMEOUT(observed(), std::string("running"), patience);
        m_runtime->end(now().cellId, 137);
        QTRY_COMPARE_WITH_TIMEOUT(m_runtime->starts, 2, patience);
        QTRY_COMPARE_WITH_TIMEOUT(observed(), std::string("running"), patience);
        QVERIFY(!now().status.binding.lastError);
    }

    void oneThatWasEndedForTheDiskStaysSoUntilSomebodyStartsIt() {
        begin(std::make_unique<test::ObedientRuntime>());
        QVERIFY(start().ok());
        QTRY_COMPARE_WITH_TIMEOUT(observed(), std::string("running"), patience);
        const std::string why = "This workspace was stopped because the disk was almost full.";
        m_runtime->cells[now().cellId].endedBecause = why;
        m_runtime->end(now().cellId, 137);
        QTRY_COMPARE_WITH_TIMEOUT(observed(), std::string("error"), patience);
        QCOMPARE(now().status.binding.lastError.value_or(""), why);
        QCOMPARE(now().status.reason, why);
        QTRY_COMPARE_WITH_TIMEOUT(m_postgres.sql(QStringLiteral("SELECT count(*) FROM audit_log WHERE action = 'runtime.ended'")), QStringLiteral("1"), patience);
        QTest::qWait(1000);
        QCOMPARE(m_runtime->starts, 1); // no crash to repair
        m_runtime->cells.clear();
        QVERIFY(start().ok());
        QTRY_COMPARE_WITH_TIMEOUT(observed(), std::string("running"), patience);
    }

    void aRunningCellIsAdoptedAndNotStartedTwice() {
        begin(std::make_unique<test::ObedientRuntime>());
        QVERIFY(start().ok());
        QTRY_COMPARE_WITH_TIMEOUT(observed(), std::string("running"), patience);
        startOver();
        QTest::qWait(1500);
        QCOMPARE(observed(), std::string("running"));
        QCOMPARE(m_runtime->starts, 1);
        QCOMPARE(m_runtime->stops, 0);
        QCOMPARE(m_gateway.last.cells.size(), std::size_t(1));
    }

    void aStartThatWasUnderWayIsTakenUp() {
        auto slow = std::make_unique<test::NeverReadyRuntime>();
        begin(std::move(slow));
        QVERIFY(start().ok());
        QTRY_COMPARE_WITH_TIMEOUT(running(now()), std::string("ready"), patience);
        const std::string task = now().status.task->taskId;
        // Restarted, and by then OpenClaw is ready.
        auto ready = std::make_unique<test::ObedientRuntime>();
        ready->cells = m_runtime->cells;
        begin(std::move(ready));
        QTRY_COMPARE_WITH_TIMEOUT(observed(), std::string("running"), patience);
        QCOMPARE(m_runtime->starts, 0);
        QCOMPARE(now().status.task->taskId, task);
        QCOMPARE(now().status.task->state, std::string("succeeded"));
    }

    void aCellWithATokenNobodyKnowsIsStartedAnew() {
        begin(std::make_unique<test::ObedientRuntime>());
        QVERIFY(start().ok());
        QTRY_COMPARE_WITH_TIMEOUT(observed(), std::string("running"), patience);
        m_postgres.sql(QStringLiteral("UPDATE runtimes SET token_hash = NULL"));
        QTRY_COMPARE_WITH_TIMEOUT(m_runtime->starts, 2, patience);
        QTRY_COMPARE_WITH_TIMEOUT(observed(), std::string("running"), patience);
        QCOMPARE(m_runtime->stops, 1);
    }

    void changedSettingsRecreateACell() {
        begin(std::make_unique<test::ObedientRuntime>());
        QVERIFY(start().ok());
        QTRY_COMPARE_WITH_TIMEOUT(observed(), std::string("running"), patience);
        m_settings.image = "image-2";
        startOver();
        QTRY_COMPARE_WITH_TIMEOUT(m_runtime->starts, 2, patience);
        QTRY_COMPARE_WITH_TIMEOUT(observed(), std::string("running"), patience);
        QCOMPARE(m_runtime->lastStart.image, std::string("image-2"));
        QCOMPARE(now().status.binding.imageRef, std::string("image-2"));
    }

    void deletingKeepsOrWipesAsAsked() {
        begin(std::make_unique<test::ObedientRuntime>());
        for (const bool wipe : {false, true}) {
            QVERIFY(start().ok());
            QTRY_COMPARE_WITH_TIMEOUT(observed(), std::string("running"), patience);
            QVERIFY(remove(wipe).ok());
            QTRY_COMPARE_WITH_TIMEOUT(observed(), std::string("deleted"), patience);
            QCOMPARE(m_runtime->removed.back().second, wipe);
            QVERIFY(m_runtime->cells.empty());
        }
        QCOMPARE(m_runtime->removed.size(), std::size_t(2));
        QCOMPARE(stop().error().code, ErrorCode::RuntimeActionConflict);
    }

    void aStopThatStallsSaysSoAndDeletingLeavesIt() {
        begin(std::make_unique<test::StallingStop>());
        QVERIFY(start().ok());
        QTRY_COMPARE_WITH_TIMEOUT(observed(), std::string("running"), patience);
        QVERIFY(stop().ok());
        QTRY_COMPARE_WITH_TIMEOUT(running(now()), std::string("stop"), patience);
        QTest::qWait(800);
        QCOMPARE(running(now()), std::string("stop"));
        QCOMPARE(m_runtime->stops, 1);
        QVERIFY(remove(false).ok());
        QTRY_COMPARE_WITH_TIMEOUT(observed(), std::string("deleted"), patience);
    }

    void startsAreBoundedAndTheOthersSayWhatTheyWaitFor() {
        for (const char* name : {"bob", "eve", "dan"})
            addUser(name);
        begin(std::make_unique<test::NeverReadyRuntime>());
        for (const char* user : {"usr_alice", "usr_bob", "usr_dan", "usr_eve"})
            QVERIFY(start(user).ok());
        QTRY_COMPARE_WITH_TIMEOUT(m_runtime->starts, 2, patience);
        QTest::qWait(1000);
        QCOMPARE(m_runtime->starts, 2);
        int waiting = 0;
        for (const char* user : {"usr_alice", "usr_bob", "usr_dan", "usr_eve"})
            if (now(user).status.reason.find("Waits for 2") == 0)
                ++waiting;
        QCOMPARE(waiting, 2);
        QCOMPARE(m_postgres.sql(QStringLiteral("SELECT string_agg(slot::text, ' ' ORDER BY slot) FROM runtimes")), QStringLiteral("0 1 2 3"));
    }

    void anUnreachableRuntimeManagerIsSaidAndWaitedFor() {
        begin(std::make_unique<test::ObedientRuntime>());
        m_runtime->setReachable(false);
        QVERIFY(start().ok());
        QTRY_VERIFY_WITH_TIMEOUT(now().status.reason.find("not reachable") != std::string::npos, patience);
        QCOMPARE(observed(), std::string("creating"));
        m_runtime->setReachable(true);
        QTRY_COMPARE_WITH_TIMEOUT(observed(), std::string("running"), patience);
    }

    void aDisabledUsersRuntimeStopsAndItsTokenOpensNothing() {
        begin(std::make_unique<test::ObedientRuntime>());
        QVERIFY(start().ok());
        QTRY_COMPARE_WITH_TIMEOUT(observed(), std::string("running"), patience);
        m_postgres.sql(QStringLiteral("UPDATE users SET status = 'disabled'"));
        m_orchestrator->wake();
        QTRY_COMPARE_WITH_TIMEOUT(observed(), std::string("stopped"), patience);
        QTRY_VERIFY_WITH_TIMEOUT(m_gateway.last.cells.empty(), patience);
        QCOMPARE(start().error().code, ErrorCode::UserDisabled);
    }

    void aTaskIsItsOwnersOnly() {
        begin(std::make_unique<test::ObedientRuntime>());
        const std::string task = start()->status.task->taskId;
        const auto ask = [&](const std::string& owner) {
            return await<wire::Task>([&](auto done) { m_orchestrator->task(task, owner, this, done); });
        };
        QVERIFY(ask("usr_alice").ok());
        QVERIFY(ask("").ok());
        QCOMPARE(ask("usr_bob").error().code, ErrorCode::NotFound);
        QCOMPARE(await<wire::Task>([&](auto done) { m_orchestrator->task("tsk_none", "", this, done); }).error().code, ErrorCode::NotFound);
    }

    void changesOfARuntimeAreTold() {
        QSignalSpy changed(&m_hub, &EventHub::changed);
        begin(std::make_unique<test::ObedientRuntime>());
        QVERIFY(start().ok());
        QTRY_COMPARE_WITH_TIMEOUT(observed(), std::string("running"), patience);
        QVERIFY(changed.count() >= 4);
        for (const auto& arguments : changed) {
            const auto change = arguments.front().value<Change>();
            QCOMPARE(change.kind, Change::Kind::Runtime);
            QCOMPARE(change.ownerUserId, std::string("usr_alice"));
        }
    }
};

QTEST_GUILESS_MAIN(TestOrchestrator)
#include "tst_orchestrator.moc"
