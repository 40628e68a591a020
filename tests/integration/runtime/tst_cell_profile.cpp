// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
// What a running cell can and cannot do, tried from inside it (threats 2, 16, 17, 19).
#include "cell_bench.h"

#include <QFile>
#include <QLocalServer>
#include <QLocalSocket>
#include <QNetworkInterface>
#include <QTcpServer>
#include <QTcpSocket>
#include <QTest>

#include <sys/stat.h>
#include <unistd.h>

using namespace bench;

namespace {
const std::string one = "c0123456789ab";
const std::string two = "caaaaaaaaaaaa";
}

class TestCellProfile : public QObject {
    Q_OBJECT
private:
    std::unique_ptr<CellBench> m_bench;

    QByteArray hostStatus(const QByteArray& field) {
        QFile file(QString::fromStdString("/proc/" + std::to_string(m_bench->cell(one)->pid) + "/status"));
        if (!file.open(QIODevice::ReadOnly))
            return "unreadable";
        for (const QByteArray& line : file.readAll().split('\n'))
            if (line.startsWith(field + ':'))
                return line.mid(field.size() + 1).simplified();
        return "missing";
    }

private Q_SLOTS:
    void initTestCase() {
        QVERIFY2(::geteuid() == 0, "this test needs root: it makes user namespaces for cells");
        m_bench = std::make_unique<CellBench>();
        QVERIFY(m_bench->makeProbeImage());
        QVERIFY(m_bench->startRuntimed());
        QVERIFY(m_bench->start(m_bench->args(one, 1)).ok());
        QVERIFY(m_bench->start(m_bench->args(two, 2)).ok());
        QVERIFY(m_bench->waitReady(one, 30000));
        QVERIFY(m_bench->waitReady(two, 30000));
    }
    void cleanupTestCase() { m_bench.reset(); }

    void theKernelHoldsItToTheProfile_data() { // read on the host, where the cell cannot lie
        QTest::addColumn<QByteArray>("field");
        QTest::addColumn<QByteArray>("value");
        for (const char* field : {"CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"})
            QTest::newRow(field) << QByteArray(field) << QByteArray("0000000000000000");
        QTest::newRow("NoNewPrivs") << QByteArray("NoNewPrivs") << QByteArray("1");
        QTest::newRow("Seccomp") << QByteArray("Seccomp") << QByteArray("2");
        const QByteArray id = QByteArray::number(IdRange{1}.cellId());
        QTest::newRow("Uid") << QByteArray("Uid") << id + ' ' + id + ' ' + id + ' ' + id;
        QTest::newRow("Gid") << QByteArray("Gid") << id + ' ' + id + ' ' + id + ' ' + id;
    }
    void theKernelHoldsItToTheProfile() {
        QFETCH(QByteArray, field);
        QTEST(hostStatus(field), "value");
    }

    void whatItMayDoWorks_data() {
        QTest::addColumn<QString>("shell");
        QTest::newRow("write its workspace") << "echo x >/home/node/.openclaw/x && cat /home/node/.openclaw/x";
        QTest::newRow("write /tmp") << "echo x >/tmp/x";
        QTest::newRow("read its configuration") << "grep -q clawloops /run/clawloops/config/openclaw.json";
        QTest::newRow("reach itself on loopback") << "reach 127.0.0.1 18789 | grep HTTP/1";
        QTest::newRow("be user 1000") << "test $(id -u) = 1000";
        QTest::newRow("have its stable name") << "test $(hostname) = c0123456789ab";
        QTest::newRow("be led by clawloops-cell") << "grep -q clawloops-cell /proc/1/cmdline";
    }
    void whatItMayDoWorks() {
        QFETCH(QString, shell);
        const Ran ran = m_bench->inside(one, shell);
        QVERIFY2(ran.code == 0, ran.out.constData());
    }

    void whatItMayNotDoFails_data() {
        QTest::addColumn<QString>("shell");
        QTest::newRow("write the root") << "touch /x";
        QTest::newRow("write /etc") << "touch /etc/x";
        QTest::newRow("write /run") << "touch /run/x";
        QTest::newRow("write /home") << "touch /home/node/x";
        QTest::newRow("write its configuration") << "echo x >/run/clawloops/config/openclaw.json";
        QTest::newRow("add to its configuration") << "touch /run/clawloops/config/x";
        QTest::newRow("put a socket where the gateway's belongs") << "touch /run/clawloops/out/x";
        QTest::newRow("replace clawloops-cell") << "cp /bin/busybox /run/clawloops/clawloops-cell";
        QTest::newRow("mount") << "mount -t tmpfs x /tmp";
        QTest::newRow("remount the root") << "mount -o remount,rw /";
        // A user namespace of its own it can make (podman's default filter allows it); nothing becomes writable by it.
        QTest::newRow("write the root as a namespace's root") << "unshare -Urm sh -c 'mount -o remount,rw / && touch /x'";
        QTest::newRow("make a mount namespace") << "unshare -m true";
        QTest::newRow("make a device") << "mknod /tmp/d b 8 0";
        QTest::newRow("become root") << "su -c true root";
        QTest::newRow("give a file away") << "touch /tmp/o && chown 0 /tmp/o";
        QTest::newRow("chroot") << "chroot / true";
        QTest::newRow("set the clock") << "date -s 2020-01-01; test $(date +%Y) = 2020";
        QTest::newRow("set the host's name") << "hostname other";
        QTest::newRow("load a module") << "echo x >/proc/sys/kernel/modprobe";
        QTest::newRow("trigger sysrq") << "echo h >/proc/sysrq-trigger";
        QTest::newRow("open kernel memory") << "head -c1 /dev/mem";
        QTest::newRow("open a disk") << "ls /dev/vda /dev/sda";
        QTest::newRow("read kernel messages") << "dmesg | grep .";
        QTest::newRow("add an interface") << "ip link add x type dummy";
        QTest::newRow("use a raw socket") << "ping -c 1 -W 1 127.0.0.1";
        QTest::newRow("move itself to another cgroup") << "for f in $(find /sys/fs/cgroup -name cgroup.procs); do echo $$ >$f && exit 0; done; exit 1";
        QTest::newRow("find another socket than its own")
            << "find / -xdev -type s 2>/dev/null | grep -v '^/run/clawloops/in/in.sock$' | grep .";
        QTest::newRow("find an engine") << "ls /run/podman /var/run/docker.sock /run/containerd";
        QTest::newRow("see another's process") << "ls /proc | grep '^[0-9]*$' | wc -l | { read n; test $n -gt 20; }";
        QTest::newRow("see the other cell") << "grep -r caaaaaaaaaaaa /proc/self/mountinfo /run /home";
        QTest::newRow("see another interface than lo") << "grep ':' /proc/net/dev | grep -v ' *lo:'";
        QTest::newRow("have a route") << "test $(wc -l </proc/net/route) -gt 1";
    }
    void whatItMayNotDoFails() {
        QFETCH(QString, shell);
        const Ran ran = m_bench->inside(one, shell);
        QVERIFY2(ran.code > 0 && ran.code < 125, ran.out.constData()); // 125 and more: podman itself failed
    }

    void reachesNoAddress_data() {
        QTest::addColumn<QString>("host");
        QTest::newRow("the host's loopback") << "127.0.0.1";
        QTest::newRow("the host's IPv6 loopback") << "::1";
        for (const QHostAddress& address : QNetworkInterface::allAddresses())
            if (!address.isLoopback() && address.protocol() == QAbstractSocket::IPv4Protocol)
                QTest::newRow("the host's own address") << address.toString();
        QTest::newRow("metadata") << "169.254.169.254";
        QTest::newRow("a private network") << "10.0.0.1";
        QTest::newRow("a public address") << "1.1.1.1";
        QTest::newRow("a public IPv6 address") << "2606:4700:4700::1111";
        QTest::newRow("an IPv6 link-local address") << "fe80::1";
    }
    void reachesNoAddress() {
        QFETCH(QString, host);
        QTcpServer listener; // on every address of the host, so that a way out would show
        QVERIFY(listener.listen(QHostAddress::Any, 0));
        QTcpSocket positive;
        positive.connectToHost(QHostAddress::LocalHost, listener.serverPort());
        QVERIFY(positive.waitForConnected(10000));
        QVERIFY(listener.waitForNewConnection(10000));
        delete listener.nextPendingConnection();
        const Ran ran = m_bench->inside(one, QStringLiteral("reach %1 %2").arg(host).arg(listener.serverPort()));
        QVERIFY2(ran.code == 7, ran.out.constData());
        QVERIFY(!listener.hasPendingConnections());
    }

    void resolvesNoName() {
        const Ran ran = m_bench->inside(one, "for s in 1.1.1.1 127.0.0.53 10.0.0.1; do timeout 3 nslookup example.com $s && exit 0; done; exit 7");
        QVERIFY2(ran.code == 7, ran.out.constData());
    }

    void reachesItsModelSocketAndNoOthers() {
        QLocalServer model;
        const QString path = QString::fromStdString(m_bench->layout(one).out() + "/model.sock");
        QVERIFY(model.listen(path));
        QVERIFY(::chown(path.toUtf8().constData(), modelUid, IdRange{1}.cellId()) == 0);
        QVERIFY(::chmod(path.toUtf8().constData(), 0660) == 0);
        int met = 0;
        connect(&model, &QLocalServer::newConnection, this, [&] {
            QLocalSocket* peer = model.nextPendingConnection();
            ++met;
            peer->write("HTTP/1.1 200 OK\r\nContent-Length: 6\r\nConnection: close\r\n\r\nmodels");
            peer->flush();
            peer->disconnectFromServer();
        });
        QProcess ask;
        const auto ask11411 = [&](const std::string& cellId) {
            ask.start("podman", {"exec", QString::fromStdString("clawloops-" + m_bench->instance() + "-" + cellId), "reach",
                                 "127.0.0.1", "11411"});
            return QTest::qWaitFor([&] { return ask.state() == QProcess::NotRunning && ask.exitStatus() == QProcess::NormalExit; },
                                   30000);
        };
        QVERIFY(ask11411(one));
        QCOMPARE(ask.exitCode(), 0);
        QVERIFY(ask.readAllStandardOutput().endsWith("models"));
        QCOMPARE(met, 1);
        QVERIFY(ask11411(two));
        QVERIFY(ask.readAllStandardOutput().isEmpty()); // its own port is there, and nobody behind it
        QCOMPARE(met, 1);
    }

    void itsLimitsAreTheKernels() {
        const Ran pids = m_bench->inside(one, "cat /sys/fs/cgroup/pids/pids.max 2>/dev/null || cat /sys/fs/cgroup/pids.max");
        QCOMPARE(pids.out.trimmed(), QByteArray("64"));
        const Ran memory = m_bench->inside(
            one, "cat /sys/fs/cgroup/memory/memory.limit_in_bytes 2>/dev/null || cat /sys/fs/cgroup/memory.max");
        QCOMPARE(memory.out.trimmed(), QByteArray::number(512ll << 20));
        const Ran bomb = m_bench->inside(one, "for i in $(seq 200); do sleep 3 & done; wait");
        QVERIFY2(bomb.out.contains("can't fork"), bomb.out.right(200).constData());
        QVERIFY(m_bench->waitReady(one, 30000));
    }

    void theHostsSideOfItsDoorIsClosedToOtherAccounts() {
        const auto in = QString::fromStdString(m_bench->layout(one).in() + "/in.sock");
        const auto asUser = [&](uid_t uid, gid_t gid) {
            return command("setpriv", {"--reuid", QString::number(uid), "--regid", QString::number(gid), "--clear-groups",
                                       "/usr/bin/python3", "-c", "import socket; socket.socket(socket.AF_UNIX).connect('" + in + "')"})
                .code;
        };
        QCOMPARE(asUser(edgeGid, edgeGid), 0); // the relay's group
        QCOMPARE(asUser(65534, 65534), 1); // an exception: refused
        QCOMPARE(asUser(modelUid, modelUid), 1);
        QCOMPARE(asUser(IdRange{2}.cellId(), IdRange{2}.cellId()), 1); // the other cell, were it outside
    }
};

QTEST_GUILESS_MAIN(TestCellProfile)
#include "tst_cell_profile.moc"
