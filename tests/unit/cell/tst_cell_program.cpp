// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Drives the real program: sockets on both sides, a shell as the process it starts.
#include <QLocalServer>
#include <QLocalSocket>
#include <QProcess>
#include <QTcpServer>
#include <QTcpSocket>
#include <QTemporaryDir>
#include <QTest>

#include <csignal>
#include <memory>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

class TestCellProgram : public QObject {
    Q_OBJECT
private:
    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<QProcess> m_cell;
    QByteArray m_said;

    QString path(const QString& name) const { return m_folder->path() + "/" + name; }

    void start(const QStringList& joins, const QString& shell) {
        QStringList arguments;
        for (const QString& join : joins)
            arguments << "--join" << join;
        arguments << "--" << "sh" << "-c" << shell;
        m_said.clear();
        m_cell = std::make_unique<QProcess>();
        m_cell->setProcessChannelMode(QProcess::MergedChannels);
        m_cell->start(QStringLiteral(BINARY_DIR "/bin/clawloops-cell"), arguments);
        QVERIFY(m_cell->waitForStarted(10000));
    }

    static quint16 freePort() {
        QTcpServer probe;
        probe.listen(QHostAddress::LocalHost, 0);
        return probe.serverPort();
    }

private Q_SLOTS:
    void init() { m_folder = std::make_unique<QTemporaryDir>("/tmp/cl-cell-XXXXXX"); }
    void cleanup() {
        if (m_cell && m_cell->state() != QProcess::NotRunning) {
            m_cell->terminate();
            if (!m_cell->waitForFinished(5000))
                m_cell->kill();
            m_cell->waitForFinished(5000);
        }
        m_cell.reset();
    }

    void endsWithTheProgramsExitCode() {
        start({}, "exit 78");
        QVERIFY(m_cell->waitForFinished(10000));
        QCOMPARE(m_cell->exitStatus(), QProcess::NormalExit);
        QCOMPARE(m_cell->exitCode(), 78);
    }

    void endsWith128AndTheSignalThatEndedTheProgram() {
        start({}, "kill -9 $$");
        QVERIFY(m_cell->waitForFinished(10000));
        QCOMPARE(m_cell->exitCode(), 137);
    }

    void aProgramThatIsNotThereIs127() {
        m_cell = std::make_unique<QProcess>();
        m_cell->start(QStringLiteral(BINARY_DIR "/bin/clawloops-cell"), {"--", "/no/such/program"});
        QVERIFY(m_cell->waitForFinished(10000));
        QCOMPARE(m_cell->exitCode(), 127);
        QVERIFY(m_cell->readAllStandardError().contains("/no/such/program"));
    }

    void passesTerminationOnAndWaitsForTheProgram() {
        start({}, "trap 'exit 5' TERM; echo up; while :; do sleep 0.05; done");
        QTRY_VERIFY_WITH_TIMEOUT((m_said += m_cell->readAll()).contains("up"), 10000);
        m_cell->terminate();
        QVERIFY(m_cell->waitForFinished(10000));
        QCOMPARE(m_cell->exitCode(), 5);
    }

    void anEndingGrandchildDoesNotEndIt() {
        start({}, "(sleep 0.05 &) ; (exit 3) ; sleep 0.3; exit 9");
        QVERIFY(m_cell->waitForFinished(10000));
        QCOMPARE(m_cell->exitCode(), 9);
    }

    void joinsASocketToAPort() {
        QTcpServer inside;
        QVERIFY(inside.listen(QHostAddress::LocalHost, 0));
        start({"unix:" + path("in.sock") + "=tcp:" + QString::number(inside.serverPort())}, "sleep 60");
        QTRY_VERIFY_WITH_TIMEOUT(QFile::exists(path("in.sock")), 10000);
        struct stat info {};
        QVERIFY(::stat(path("in.sock").toUtf8().constData(), &info) == 0);
        QCOMPARE(info.st_mode & 07777, mode_t(0660));

        QLocalSocket outside;
        outside.connectToServer(path("in.sock"));
        QVERIFY(outside.waitForConnected(10000));
        QTRY_VERIFY_WITH_TIMEOUT(inside.hasPendingConnections(), 10000);
        QTcpSocket* peer = inside.nextPendingConnection();
        const QByteArray big(3'000'000, 'x');
        outside.write(big);
        QByteArray got;
        QTRY_VERIFY_WITH_TIMEOUT((got += peer->readAll()).size() == big.size(), 20000);
        QVERIFY(got == big);
        // One side finished speaking, the other still answers.
        // Written out before the event loop sees the end of reading: Qt closes a socket then, with what it still holds.
        ::shutdown(static_cast<int>(outside.socketDescriptor()), SHUT_WR);
        peer->write("late answer");
        QVERIFY(peer->flush());
        QByteArray answer;
        QTRY_VERIFY_WITH_TIMEOUT((answer += outside.readAll()).contains("late answer"), 10000);
        peer->disconnectFromHost();
        QTRY_COMPARE_WITH_TIMEOUT(outside.state(), QLocalSocket::UnconnectedState, 10000);
    }

    void joinsAPortToASocket() {
        QLocalServer model;
        QVERIFY(model.listen(path("model.sock")));
        const quint16 port = freePort();
        start({"tcp:" + QString::number(port) + "=unix:" + path("model.sock")}, "sleep 60");
        QTcpSocket inside;
        const auto connected = [&] {
            inside.connectToHost(QHostAddress::LocalHost, port);
            return inside.waitForConnected(1000);
        };
        QTRY_VERIFY_WITH_TIMEOUT(connected(), 10000);
        inside.write("hello");
        QTRY_VERIFY_WITH_TIMEOUT(model.hasPendingConnections(), 10000);
        QLocalSocket* peer = model.nextPendingConnection();
        QByteArray got;
        QTRY_VERIFY_WITH_TIMEOUT((got += peer->readAll()) == "hello", 10000);
        // A client that leaves is noticed on the other side at once.
        inside.abort();
        QTRY_COMPARE_WITH_TIMEOUT(peer->state(), QLocalSocket::UnconnectedState, 10000);
    }

    void replacesAStaleSocketAndRemovesItsOwn() {
        start({"unix:" + path("in.sock") + "=tcp:9"}, "sleep 60");
        QTRY_VERIFY_WITH_TIMEOUT(QFile::exists(path("in.sock")), 10000);
        ::kill(static_cast<pid_t>(m_cell->processId()), SIGKILL);
        QVERIFY(m_cell->waitForFinished(10000));
        QVERIFY(QFile::exists(path("in.sock"))); // left behind
        start({"unix:" + path("in.sock") + "=tcp:9"}, "echo up; read line; exit 0");
        QTRY_VERIFY_WITH_TIMEOUT((m_said += m_cell->readAll()).contains("up"), 10000);
        QLocalSocket outside;
        outside.connectToServer(path("in.sock"));
        QVERIFY(outside.waitForConnected(10000));
        m_cell->write("go\n");
        QVERIFY(m_cell->waitForFinished(10000));
        QCOMPARE(m_cell->exitCode(), 0);
        QVERIFY(!QFile::exists(path("in.sock")));
    }

    void closesAtOnceWhileNobodyListensInside() {
        start({"unix:" + path("in.sock") + "=tcp:" + QString::number(freePort())}, "sleep 60");
        QTRY_VERIFY_WITH_TIMEOUT(QFile::exists(path("in.sock")), 10000);
        QLocalSocket outside;
        outside.connectToServer(path("in.sock"));
        QTRY_COMPARE_WITH_TIMEOUT(outside.state(), QLocalSocket::UnconnectedState, 10000);
    }

    void keepsItsListenersFromTheProgram() {
        start({"unix:" + path("in.sock") + "=tcp:9"}, "ls -l /proc/self/fd | grep -c socket: ; exit 0");
        QVERIFY(m_cell->waitForFinished(10000));
        QCOMPARE(m_cell->readAll().trimmed(), QByteArray("0"));
    }

    void saysWhichDoorCouldNotBeOpened() {
        start({"unix:/no/such/folder/in.sock=tcp:9"}, "exit 0");
        QVERIFY(m_cell->waitForFinished(10000));
        QCOMPARE(m_cell->exitCode(), 69);
        QVERIFY(m_cell->readAll().contains("/no/such/folder/in.sock"));
    }
};

QTEST_GUILESS_MAIN(TestCellProgram)
#include "tst_cell_program.moc"
