// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "supervisor/backoff.h"
#include "supervisor/component.h"

#include <QLocalServer>
#include <QLocalSocket>
#include <QTemporaryDir>
#include <QtTest>

#include <unistd.h>

using namespace clawloops::supervisor;

// Rows of the table in component.h, with real processes.
class TestComponent : public QObject {
    Q_OBJECT
    QTemporaryDir m_directory;

    ComponentSpec shell(const std::string& script) const {
        ComponentSpec spec;
        spec.name = "sh";
        spec.title = "Shell";
        spec.program = "/bin/sh";
        spec.arguments = {"-c", script};
        spec.environment = {{"PATH", "/usr/bin:/bin"}};
        spec.account = {"self", ::geteuid(), ::getegid()};
        spec.log = m_directory.filePath(QStringLiteral("sh.log")).toStdString();
        spec.logGroup = ::getegid();
        return spec;
    }
    static void end(Component& component) {
        bool stopped = false;
        component.stop([&stopped] { stopped = true; });
        QTRY_VERIFY_WITH_TIMEOUT(stopped, 15'000);
    }

private Q_SLOTS:
    void itRunsAndStopsWhenAsked() {
        Component component(shell("exec sleep 1000"), nullptr);
        QVERIFY(component.state() == State::Waiting);
        component.start();
        QTRY_VERIFY(component.state() == State::Running);
        const pid_t pid = component.process().pid;
        end(component);
        QVERIFY(component.state() == State::Stopped);
        QVERIFY(!startTimeOf(pid));
    }

    void aKilledProcessIsKnownAtOnceAndStartedAgain() {
        Component component(shell("exec sleep 1000"), nullptr);
        component.start();
        QTRY_VERIFY(component.state() == State::Running);
        const pid_t first = component.process().pid;
        ::kill(first, SIGKILL);
        QTRY_VERIFY_WITH_TIMEOUT(component.state() == State::Backoff, 1000);
        QVERIFY2(component.sentence().find("by signal 9") != std::string::npos, component.sentence().c_str());
        QTRY_VERIFY_WITH_TIMEOUT(component.state() == State::Running, 10'000);
        QVERIFY(component.process().pid != first);
        QCOMPARE(component.restarts(), 1);
        end(component);
    }

    void theSentenceCarriesTheLastWords() {
        Component component(shell("echo 'the port is taken' >&2; exit 71"), nullptr);
        component.start();
        QTRY_VERIFY(component.state() == State::Backoff);
        QVERIFY2(component.sentence().find("exit code 71; its last words: the port is taken") != std::string::npos, component.sentence().c_str());
        end(component);
    }

    void aCrashLoopIsCalledOne() {
        ComponentSpec spec = shell("exit 1");
        spec.program = "/nonexistent/program"; // fails at once, so the row is short
        Component component(spec, nullptr);
        component.start();
        QTRY_VERIFY_WITH_TIMEOUT(component.state() == State::Failed, 40'000);
        QVERIFY2(component.sentence().find("6 times in a row") != std::string::npos, component.sentence().c_str());
        end(component);
        QVERIFY(component.state() == State::Stopped);
    }

    void aPreparationThatFailsIsSaidAndNothingIsStarted() {
        ComponentSpec spec = shell("exec sleep 1000");
        spec.preparations = {{"/bin/sh", {"-c", "echo 'no space left'; exit 3"}, "/nonexistent"}};
        Component component(spec, nullptr);
        component.start();
        QTRY_VERIFY(component.state() == State::Backoff);
        QVERIFY2(component.sentence().find("could not be prepared, it ended with exit code 3: no space left") != std::string::npos, component.sentence().c_str());
        QCOMPARE(component.process().pid, 0);
        end(component);
    }

    void aDonePreparationIsSkipped() {
        ComponentSpec spec = shell("exec sleep 1000");
        spec.preparations = {{"/bin/false", {}, "/etc/passwd"}};
        Component component(spec, nullptr);
        component.start();
        QTRY_VERIFY(component.state() == State::Running);
        end(component);
    }

    void aProcessThatIgnoresTheSignalIsKilledAfterItsGrace() {
        ComponentSpec spec = shell("trap '' TERM; while :; do sleep 0.1; done");
        spec.stop.grace = std::chrono::seconds(1);
        Component component(spec, nullptr);
        component.start();
        QTRY_VERIFY(component.state() == State::Running);
        QTest::qWait(300); // until the trap is set
        end(component);
        QVERIFY(component.state() == State::Stopped);
    }

    void restartGivesAnotherProcess() {
        Component component(shell("exec sleep 1000"), nullptr);
        component.start();
        QTRY_VERIFY(component.state() == State::Running);
        const pid_t first = component.process().pid;
        component.restart();
        QTRY_VERIFY_WITH_TIMEOUT(component.state() == State::Running && component.process().pid > 0 && component.process().pid != first, 10'000);
        end(component);
    }

    void aBadAnswerMakesItUnhealthyAndAGoodOneRunning() {
        const QString path = m_directory.filePath(QStringLiteral("control.sock"));
        auto answering = std::make_unique<QLocalServer>();
        const auto answer = [](QLocalServer* server) {
            QObject::connect(server, &QLocalServer::newConnection, server, [server] {
                QLocalSocket* peer = server->nextPendingConnection();
                QObject::connect(peer, &QLocalSocket::readyRead, peer, [peer] { peer->write("{\"id\":1}\n"); });
            });
        };
        answer(answering.get());
        QVERIFY(answering->listen(path));
        ComponentSpec spec = shell("exec sleep 1000");
        spec.probe = {.kind = Probe::Kind::Control, .socket = path.toStdString()};
        Component component(spec, nullptr);
        component.start();
        QTRY_VERIFY(component.state() == State::Running);
        answering.reset();
        QTRY_VERIFY_WITH_TIMEOUT(component.state() == State::Unhealthy, 5000);
        answering = std::make_unique<QLocalServer>();
        answer(answering.get());
        QLocalServer::removeServer(path);
        QVERIFY(answering->listen(path));
        QTRY_VERIFY_WITH_TIMEOUT(component.state() == State::Running, 5000);
        QCOMPARE(component.restarts(), 0);
        end(component);
    }

    void oneThatNeverBecomesHealthyIsStartedAgain() {
        ComponentSpec spec = shell("exec sleep 1000");
        spec.probe = {.kind = Probe::Kind::Control, .socket = "/nonexistent/control.sock"};
        spec.startLimit = std::chrono::seconds(1);
        Component component(spec, nullptr);
        component.start();
        QTRY_VERIFY_WITH_TIMEOUT(component.state() == State::Backoff, 10'000);
        QVERIFY2(component.sentence().find("started again: for 1 s") != std::string::npos, component.sentence().c_str());
        end(component);
    }

    void anAdoptedProcessIsWatchedLikeOurOwn() {
        auto first = std::make_unique<Component>(shell("exec sleep 1000"), nullptr);
        first->start();
        QTRY_VERIFY(first->state() == State::Running);
        const ProcessIdentity process = first->process();
        first.reset(); // the process stays: it is detached
        QVERIFY(stillRuns(process));
        Component second(shell("exec sleep 1000"), nullptr);
        second.adopt(process, true);
        QTRY_VERIFY(second.state() == State::Running);
        QCOMPARE(second.process().pid, process.pid);
        ::kill(process.pid, SIGKILL);
        QTRY_VERIFY_WITH_TIMEOUT(second.state() == State::Backoff, 1000);
        end(second);
    }

    void anAdoptedProcessOfAnotherSpecIsReplaced() {
        auto first = std::make_unique<Component>(shell("exec sleep 1000"), nullptr);
        first->start();
        QTRY_VERIFY(first->state() == State::Running);
        const ProcessIdentity process = first->process();
        first.reset();
        Component second(shell("exec sleep 2000"), nullptr);
        second.adopt(process, false);
        QTRY_VERIFY_WITH_TIMEOUT(second.state() == State::Running && second.process().pid != process.pid && second.process().pid > 0, 10'000);
        QVERIFY(!stillRuns(process));
        end(second);
    }

    void aKilledServersSocketIsOutOfTheWayOfTheNext() {
        const QString path = m_directory.filePath(QStringLiteral("server.sock"));
        const std::string bind = "import socket,time; s=socket.socket(socket.AF_UNIX); s.bind('" + path.toStdString() + "'); s.listen(); time.sleep(1000)";
        ComponentSpec spec = shell({});
        spec.program = "/usr/bin/python3";
        spec.arguments = {"-c", bind};
        spec.staleSockets = {path.toStdString()};
        Component component(spec, nullptr);
        component.start();
        QTRY_VERIFY_WITH_TIMEOUT(QFile::exists(path), 10'000);
        ::kill(component.process().pid, SIGKILL);
        QTRY_VERIFY_WITH_TIMEOUT(component.state() == State::Backoff, 5000);
        QVERIFY(QFile::exists(path)); // python leaves it, as other servers do
        QTRY_VERIFY_WITH_TIMEOUT(component.state() == State::Running, 10'000);
        QTest::qWait(500); // binding over it would have failed by now
        QVERIFY2(component.state() == State::Running, component.sentence().c_str());
        end(component);
    }

    void theDelayDoublesWithJitterAndHasAnEnd() {
        using namespace std::chrono_literals;
        QVERIFY(restartDelay(1, 0.5) == 500ms);
        QVERIFY(restartDelay(2, 0.5) == 1000ms);
        QVERIFY(restartDelay(1, 0.0) == 400ms && restartDelay(1, 1.0) == 600ms);
        QVERIFY(restartDelay(crashLoopAfter, 0.0) == crashLoopPause);
        QVERIFY(restartDelay(1000, 1.0) == crashLoopPause);
    }
};

QTEST_GUILESS_MAIN(TestComponent)
#include "tst_component.moc"
