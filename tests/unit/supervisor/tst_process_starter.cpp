// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/files.h"
#include "base/random.h"
#include "supervisor/process_starter.h"
#include "supervisor/process_watch.h"
#include "supervisor/state_file.h"

#include <QDir>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QtTest>

#include <fcntl.h>
#include <unistd.h>

using namespace clawloops;
using namespace clawloops::supervisor;

class TestProcessStarter : public QObject {
    Q_OBJECT
    QTemporaryDir m_directory;

    ComponentSpec shell(const std::string& script) const {
        ComponentSpec spec;
        spec.name = "sh";
        spec.title = "Shell";
        spec.program = "/bin/sh";
        spec.arguments = {"-c", script};
        spec.environment = {{"PATH", "/usr/bin:/bin"}, {"GREETING", "hello there"}};
        spec.account = {"self", ::geteuid(), ::getegid()};
        spec.log = m_directory.filePath(QStringLiteral("sh.log")).toStdString();
        spec.logGroup = ::getegid();
        return spec;
    }
    std::string outputOf(const ComponentSpec& spec) {
        QFile::remove(QString::fromStdString(spec.log.string()));
        auto started = startProcess(spec, randomHex(32));
        if (!started)
            return started.error().message;
        ProcessWatch watch(started->identity.pid, started->pidFd, nullptr);
        QSignalSpy ended(&watch, &ProcessWatch::ended);
        ended.wait(10'000);
        return *readFile(spec.log);
    }

    // While it is loaded a program opens its libraries, for a moment; what it has inherited stays.
    static bool holdsOnly(pid_t pid, const QString& descriptors) {
        const QDir held(QStringLiteral("/proc/%1/fd").arg(pid));
        return QTest::qWaitFor([&] { return held.entryList(QDir::Files | QDir::System, QDir::Name).join(QLatin1Char(' ')) == descriptors; }, 30'000);
    }

private Q_SLOTS:
    void itGetsItsEnvironmentItsOwnSessionAndNoPrivileges() {
        const std::string out = outputOf(shell("echo \"$GREETING\"; env | grep -c ^; [ $(ps -o sid= -p $$) -eq $$ ] && echo leader; grep NoNewPrivs /proc/self/status; ulimit -c"));
        QVERIFY2(out.starts_with("hello there\n"), out.c_str());
        QVERIFY2(out.find("leader") != std::string::npos, out.c_str());
        QVERIFY2(out.find("NoNewPrivs:\t1") != std::string::npos, out.c_str());
        QVERIFY2(out.ends_with("0\n"), out.c_str());
        QVERIFY2(out.find("HOME") == std::string::npos, out.c_str());
    }

    void itInheritsNoDescriptor() {
        const int leaky = ::open("/etc/passwd", O_RDONLY); // on purpose without O_CLOEXEC
        auto started = startProcess(shell("exec sleep 100"), randomHex(32));
        ::close(leaky);
        QVERIFY(started.ok());
        ProcessWatch watch(started->identity.pid, started->pidFd, nullptr);
        QVERIFY(holdsOnly(started->identity.pid, QStringLiteral("0 1 2")));
        QVERIFY(watch.signal(SIGKILL));
    }

    void itInheritsTheSocketItIsHandedAndNothingBeside() {
        const int leaky = ::open("/etc/passwd", O_RDONLY);
        // Once as a number of its own, and once as the very number it shall have.
        for (const int number : {64, 3}) {
            const int socket = ::open("/etc/group", O_RDONLY | O_CLOEXEC);
            const int before = ::fcntl(number, F_DUPFD_CLOEXEC, 100);
            QCOMPARE(::dup3(socket, number, O_CLOEXEC), number);
            auto started = startProcess(shell("exec sleep 100"), randomHex(32), number);
            if (before >= 0)
                ::dup2(before, number);
            else
                ::close(number);
            ::close(socket);
            QVERIFY(started.ok());
            ProcessWatch watch(started->identity.pid, started->pidFd, nullptr);
            QVERIFY(holdsOnly(started->identity.pid, QStringLiteral("0 1 2 3")));
            QCOMPARE(QFile::symLinkTarget(QStringLiteral("/proc/%1/fd/3").arg(started->identity.pid)), QStringLiteral("/etc/group"));
            QVERIFY(watch.signal(SIGKILL));
        }
        ::close(leaky);
    }

    void itRunsAsItsAccount() {
        if (::geteuid() != 0) { // nothing to change to: it stays who we are
            QCOMPARE(outputOf(shell("id -u")), std::to_string(::geteuid()) + "\n");
            return;
        }
        ComponentSpec spec = shell("id -u; id -G; id -g");
        spec.account = {"daemon", 1, 1};
        QCOMPARE(outputOf(spec), std::string("1\n1\n1\n"));
    }

    void aProgramThatIsNotThereIsAnErrorAtOnce() {
        ComponentSpec spec = shell("");
        spec.program = "/nonexistent/program";
        const auto started = startProcess(spec, "n");
        QVERIFY(!started.ok());
        QVERIFY(started.error().message.find("/nonexistent/program: No such file or directory") != std::string::npos);
    }

    void aLogThatIsALinkIsRefused() {
        ComponentSpec spec = shell("true");
        const QString link = m_directory.filePath(QStringLiteral("link.log"));
        QVERIFY(QFile::link(QStringLiteral("/dev/null"), link));
        spec.log = link.toStdString();
        QVERIFY(!startProcess(spec, "n").ok());
    }

    void theEndIsToldWithItsReason() {
        auto started = startProcess(shell("exit 7"), "n");
        ProcessWatch watch(started->identity.pid, started->pidFd, nullptr);
        ProcessEnd seen;
        connect(&watch, &ProcessWatch::ended, this, [&](const ProcessEnd& end) { seen = end; });
        QTRY_COMPARE(seen.exitCode.value_or(-1), 7);
        auto killed = startProcess(shell("sleep 100"), "n");
        ProcessWatch second(killed->identity.pid, killed->pidFd, nullptr);
        connect(&second, &ProcessWatch::ended, this, [&](const ProcessEnd& end) { seen = end; });
        QVERIFY(second.signal(SIGKILL));
        QTRY_COMPARE(seen.signal.value_or(0), SIGKILL);
    }

    void aSurvivorIsKnownByPidStartTimeAndNonce() {
        const std::string nonce = randomHex(32);
        auto started = startProcess(shell("exec sleep 100"), nonce);
        ProcessWatch watch(started->identity.pid, started->pidFd, nullptr);
        // The shell has become the other program: in between nobody can read whose nonce it has, and a little after either.
        const std::string name = "/proc/" + std::to_string(started->identity.pid) + "/comm";
        QVERIFY(QTest::qWaitFor([&] { return readFile(name) && *readFile(name) == "sleep\n" && hasNonce(started->identity.pid, nonce); }, 30'000));
        QVERIFY(stillRuns(started->identity));
        ProcessIdentity wrongTime = started->identity;
        ++wrongTime.startTime;
        QVERIFY(!stillRuns(wrongTime));
        ProcessIdentity wrongNonce = started->identity;
        wrongNonce.nonce = randomHex(32);
        QVERIFY(!stillRuns(wrongNonce));

        const std::filesystem::path file = m_directory.filePath(QStringLiteral("state.json")).toStdString();
        QVERIFY(saveProcesses(file, {{"known", {started->identity, "digest", 3}},
                                     {"noted", {{0, 0, nonce}, "digest", 0}}, // the note of a start that was not finished
                                     {"gone", {wrongTime, "digest", 0}}}).ok());
        const auto survivors = loadSurvivors(file);
        QCOMPARE(survivors.size(), std::size_t(2));
        QCOMPARE(survivors.at("known").restarts, 3);
        QCOMPARE(survivors.at("noted").identity.pid, started->identity.pid);
        watch.signal(SIGKILL);
        QTRY_VERIFY(loadSurvivors(file).empty());
        QVERIFY(writeFileAtomically(file, "{\"boot\":", 0600).ok());
        QVERIFY(loadSurvivors(file).empty());
    }
};

QTEST_GUILESS_MAIN(TestProcessStarter)
#include "tst_process_starter.moc"
