// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "supervisor/backoff.h"
#include "supervisor/component.h"

#include <QLocalServer>
#include <QLocalSocket>
#include <QTemporaryDir>
#include <QtTest>

#include <algorithm>
#include <sys/stat.h>
#include <unistd.h>

using namespace clawloops::supervisor;

namespace {
constexpr int patience = 50'000;
}

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
    // Every state it came into, with its sentence: Backoff lasts half a second, which a busy machine may not look into.
    struct Passed {
        explicit Passed(Component& component) {
            QObject::connect(&component, &Component::changed, &component, [this, &component] { all.emplace_back(component.state(), component.sentence()); });
        }
        bool through(State state, std::string_view words = {}) const {
            return std::any_of(all.begin(), all.end(), [&](const auto& each) { return each.first == state && each.second.find(words) != std::string::npos; });
        }
        std::vector<std::pair<State, std::string>> all;
    };
    static void end(Component& component) {
        bool stopped = false;
        component.stop([&stopped] { stopped = true; });
        QTRY_VERIFY_WITH_TIMEOUT(stopped, patience);
    }

private Q_SLOTS:
    void itRunsAndStopsWhenAsked() {
        Component component(shell("exec sleep 1000"), nullptr);
        QVERIFY(component.state() == State::Waiting);
        component.start();
        QTRY_VERIFY_WITH_TIMEOUT(component.state() == State::Running, patience);
        const pid_t pid = component.process().pid;
        end(component);
        QVERIFY(component.state() == State::Stopped);
        QVERIFY(!startTimeOf(pid));
    }

    void aKilledProcessIsKnownAtOnceAndStartedAgain() {
        Component component(shell("exec sleep 1000"), nullptr);
        component.start();
        QTRY_VERIFY_WITH_TIMEOUT(component.state() == State::Running, patience);
        const pid_t first = component.process().pid;
        const Passed passed(component);
        ::kill(first, SIGKILL);
        QTRY_VERIFY_WITH_TIMEOUT(passed.through(State::Backoff, "by signal 9"), patience);
        QTRY_VERIFY_WITH_TIMEOUT(component.state() == State::Running, patience);
        QVERIFY(component.process().pid != first);
        QCOMPARE(component.restarts(), 1);
        end(component);
    }

    void theSentenceCarriesTheLastWords() {
        Component component(shell("echo 'the port is taken' >&2; exit 71"), nullptr);
        const Passed passed(component);
        component.start();
        QTRY_VERIFY_WITH_TIMEOUT(passed.through(State::Backoff), patience);
        QVERIFY2(passed.through(State::Backoff, "exit code 71; its last words: the port is taken"), passed.all.back().second.c_str());
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
        const Passed passed(component);
        component.start();
        QTRY_VERIFY_WITH_TIMEOUT(passed.through(State::Backoff), patience);
        QVERIFY2(passed.through(State::Backoff, "could not be prepared, it ended with exit code 3: no space left"), passed.all.back().second.c_str());
        QVERIFY(!passed.through(State::Running));
        QCOMPARE(component.process().pid, 0);
        end(component);
    }

    void aDonePreparationIsSkipped() {
        ComponentSpec spec = shell("exec sleep 1000");
        spec.preparations = {{"/bin/false", {}, "/etc/passwd"}};
        Component component(spec, nullptr);
        component.start();
        QTRY_VERIFY_WITH_TIMEOUT(component.state() == State::Running, patience);
        end(component);
    }

    void aProcessThatIgnoresTheSignalIsKilledAfterItsGrace() {
        ComponentSpec spec = shell("trap '' TERM; while :; do sleep 0.1; done");
        spec.stop.grace = std::chrono::seconds(1);
        Component component(spec, nullptr);
        component.start();
        QTRY_VERIFY_WITH_TIMEOUT(component.state() == State::Running, patience);
        QTest::qWait(300); // until the trap is set
        end(component);
        QVERIFY(component.state() == State::Stopped);
    }

    void restartGivesAnotherProcess() {
        Component component(shell("exec sleep 1000"), nullptr);
        component.start();
        QTRY_VERIFY_WITH_TIMEOUT(component.state() == State::Running, patience);
        const pid_t first = component.process().pid;
        component.restart();
        QTRY_VERIFY_WITH_TIMEOUT(component.state() == State::Running && component.process().pid > 0 && component.process().pid != first, patience);
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
        QTRY_VERIFY_WITH_TIMEOUT(component.state() == State::Running, patience);
        answering.reset();
        QTRY_VERIFY_WITH_TIMEOUT(component.state() == State::Unhealthy, patience);
        answering = std::make_unique<QLocalServer>();
        answer(answering.get());
        QLocalServer::removeServer(path);
        QVERIFY(answering->listen(path));
        QTRY_VERIFY_WITH_TIMEOUT(component.state() == State::Running, patience);
        QCOMPARE(component.restarts(), 0);
        end(component);
    }

    void oneThatNeverBecomesHealthyIsStartedAgain() {
        ComponentSpec spec = shell("exec sleep 1000");
        spec.probe = {.kind = Probe::Kind::Control, .socket = "/nonexistent/control.sock"};
        spec.startLimit = std::chrono::seconds(1);
        Component component(spec, nullptr);
        const Passed passed(component);
        component.start();
        QTRY_VERIFY_WITH_TIMEOUT(passed.through(State::Backoff, "started again: for 1 s"), patience);
        end(component);
    }

    void anAdoptedProcessIsWatchedLikeOurOwn() {
        auto first = std::make_unique<Component>(shell("exec sleep 1000"), nullptr);
        first->start();
        QTRY_VERIFY_WITH_TIMEOUT(first->state() == State::Running, patience);
        const ProcessIdentity process = first->process();
        first.reset(); // the process stays: it is detached
        QVERIFY(stillRuns(process));
        Component second(shell("exec sleep 1000"), nullptr);
        second.adopt(process, true);
        QTRY_VERIFY_WITH_TIMEOUT(second.state() == State::Running, patience);
        QCOMPARE(second.process().pid, process.pid);
        const Passed passed(second);
        ::kill(process.pid, SIGKILL);
        QTRY_VERIFY_WITH_TIMEOUT(passed.through(State::Backoff, "by signal 9"), patience);
        end(second);
    }

    void anAdoptedProcessOfAnotherSpecIsReplaced() {
        auto first = std::make_unique<Component>(shell("exec sleep 1000"), nullptr);
        first->start();
        QTRY_VERIFY_WITH_TIMEOUT(first->state() == State::Running, patience);
        const ProcessIdentity process = first->process();
        first.reset();
        Component second(shell("exec sleep 2000"), nullptr);
        second.adopt(process, false);
        QTRY_VERIFY_WITH_TIMEOUT(second.state() == State::Running && second.process().pid != process.pid && second.process().pid > 0, patience);
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
        QTRY_VERIFY_WITH_TIMEOUT(QFile::exists(path), patience);
        const Passed passed(component);
        const auto inode = [&path] {
            struct stat facts {};
            return ::stat(path.toUtf8().constData(), &facts) == 0 ? facts.st_ino : 0;
        };
        bool left = false;
        connect(&component, &Component::changed, this, [&] { left = left || (component.state() == State::Backoff && inode() != 0); });
        ::kill(component.process().pid, SIGKILL);
        QTRY_VERIFY_WITH_TIMEOUT(passed.through(State::Backoff), patience);
        QVERIFY(left); // python leaves it, as other servers do
        const auto answers = [&path] {
            QLocalSocket asking;
            asking.connectToServer(path);
            return asking.waitForConnected(1000);
        };
        QTRY_VERIFY_WITH_TIMEOUT(component.state() == State::Running && answers(), patience);
        QCOMPARE(component.restarts(), 1);
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
