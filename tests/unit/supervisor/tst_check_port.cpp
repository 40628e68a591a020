// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "supervisor/check_port.h"

#include <QTcpServer>
#include <QTcpSocket>
#include <QtTest>

#include <csignal>
#include <sys/wait.h>
#include <unistd.h>

using namespace clawloops;
using namespace clawloops::supervisor;

class TestCheckPort : public QObject {
    Q_OBJECT
    static std::uint16_t freePort() {
        QTcpServer one;
        return one.listen(QHostAddress::LocalHost) ? one.serverPort() : std::uint16_t(0);
    }
    // Somebody else who tries, with every means an ordinary account has.
    static bool anotherGetsIt(std::uint16_t port) {
        for (const QHostAddress& address : {QHostAddress(QHostAddress::LocalHost), QHostAddress(QHostAddress::AnyIPv4), QHostAddress(QHostAddress::Any)}) {
            QTcpServer other; // Qt sets SO_REUSEADDR
            if (other.listen(address, port))
                return true;
        }
        return false;
    }

private Q_SLOTS:
    void nobodyElseGetsThePortAndConnectionsWait() {
        const auto port = freePort();
        auto held = CheckPort::bind(port);
        QVERIFY(held.ok());
        QVERIFY(!anotherGetsIt(port));
        QTcpSocket early;
        early.connectToHost(QHostAddress(QHostAddress::LocalHost), port);
        QTRY_COMPARE(early.state(), QAbstractSocket::ConnectedState); // nobody has accepted it
        *held = CheckPort();
        early.abort();
        QVERIFY(CheckPort::bind(port).ok()); // closed connections do not keep it
    }

    void aTakenPortIsOneSentenceWithItsSetting() {
        QTcpServer other;
        QVERIFY(other.listen(QHostAddress::LocalHost));
        const auto held = CheckPort::bind(other.serverPort());
        QVERIFY(!held.ok());
        QCOMPARE(held.error().message, "Port " + std::to_string(other.serverPort()) +
                                           " (ports.check) is taken by another program: stop that one, or set ports.check to another port.");
    }

    void itIsTakenBackFromWhoeverInheritedIt() {
        const auto port = freePort();
        auto held = CheckPort::bind(port);
        QVERIFY(held.ok());
        const pid_t child = ::fork();
        if (child == 0) {
            ::dup2(held->descriptor(), CheckPort::inheritedAs);
            ::pause();
            ::_exit(0);
        }
        *held = CheckPort(); // the first supervisor dies
        auto taken = CheckPort::takeFrom(child, port);
        for (int i = 0; !taken.ok() && i < 500; ++i) { // until the child has come to its dup2
            QTest::qWait(10);
            taken = CheckPort::takeFrom(child, port);
        }
        QVERIFY2(taken.ok(), taken.ok() ? "" : taken.error().message.c_str());
        QVERIFY(!CheckPort::takeFrom(child, std::uint16_t(port + 1)).ok()); // another port's socket is not the one
        ::kill(child, SIGKILL);
        ::waitpid(child, nullptr, 0);
        QVERIFY(!anotherGetsIt(port)); // held by the second supervisor alone
        QVERIFY(!CheckPort::takeFrom(child, port).ok()); // nobody is there
        QVERIFY(!CheckPort::takeFrom(::getpid(), port).ok()); // descriptor 3 of ours is something else
    }
};

QTEST_GUILESS_MAIN(TestCheckPort)
#include "tst_check_port.moc"
