// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "stream/upstream.h"

#include "io_thread.h"
#include "read_whole.h"
#include "stream/listener.h"

#include <QDir>
#include <QTemporaryDir>
#include <QtTest>
#include <sys/wait.h>
#include <unistd.h>

using namespace clawloops;
using namespace clawloops::stream;
using clawloops::test::IoThread;

class TestUpstream : public QObject {
    Q_OBJECT

    // A cell's directory with a listener that counts its requests and its connections.
    struct Cell {
        explicit Cell(const QString& where = "c1/in", ServerLimits limits = {}) {
            base = directory.path().toStdString();
            QDir(directory.path()).mkpath(where);
            path = directory.filePath(where + "/in.sock").toStdString();
            listener = loop.run([&] {
                return std::move(Listener::local(loop.io(), path, 0666, limits, [this](Exchange& e) { return answer(e); }).value());
            });
        }
        ~Cell() {
            loop.run([&] { listener->close(); });
            loop.finish();
        }
        Task<void> answer(Exchange& exchange) {
            ++requests;
            ResponseHead head;
            head.framing = Framing::ofLength(2);
            if (exchange.request().target == "/close")
                head.keepAlive = false;
            static_cast<void>(co_await exchange.respond(head, "ok"));
        }
        QTemporaryDir directory;
        std::filesystem::path base;
        std::string path;
        int requests = 0;
        IoThread loop;
        std::unique_ptr<Listener> listener;
    };

    static Fault faultOf(IoThread& loop, LocalAddress address) {
        return loop.await([](LocalAddress a) -> Task<Fault> {
            auto transport = co_await stream::connect(Address(a), std::chrono::seconds(5));
            co_return transport.fault;
        }(std::move(address)));
    }

    static Task<std::string> get(UpstreamPool& pool, std::string target) {
        auto call = co_await pool.open();
        if (!call)
            co_return std::string(faultName(call.fault));
        RequestHead head;
        head.method = "GET";
        head.target = target;
        head.fields.add("Host", "cell");
        static_cast<void>(co_await call->send(head));
        const auto answered = co_await call->readHead();
        if (!answered)
            co_return std::string(faultName(answered.fault));
        const auto body = co_await test::readWhole(*call, 100);
        co_return (call->reused() ? "reused " : "new ") + body.value;
    }

private Q_SLOTS:
    void aSocketIsReachedBeneathItsBase() {
        Cell cell;
        QCOMPARE(faultOf(cell.loop, {cell.base, "c1/in/in.sock"}), Fault::None);
    }

    void aSymbolicLinkAtAnyStepIsRefused_data() {
        QTest::addColumn<QString>("link");
        QTest::addColumn<QString>("target");
        QTest::addColumn<QString>("below");
        QTest::newRow("the socket") << "c1/in/other.sock" << "in.sock" << "c1/in/other.sock";
        QTest::newRow("its directory") << "c1/other" << "in" << "c1/other/in.sock";
        QTest::newRow("the cell") << "c2" << "c1" << "c2/in/in.sock";
    }
    void aSymbolicLinkAtAnyStepIsRefused() {
        QFETCH(QString, link);
        QFETCH(QString, target);
        QFETCH(QString, below);
        Cell cell;
        QVERIFY(QFile::link(target, cell.directory.filePath(link)));
        QCOMPARE(::access(cell.directory.filePath(below).toStdString().c_str(), F_OK), 0); // it does lead to the socket
        QCOMPARE(faultOf(cell.loop, {cell.base, below.toStdString()}), Fault::Refused);
    }

    void stepsOutOfTheBaseAreRefused() {
        Cell cell;
        QCOMPARE(faultOf(cell.loop, {cell.base / "c1", "../c1/in/in.sock"}), Fault::Refused);
        QCOMPARE(faultOf(cell.loop, {cell.base, cell.path}), Fault::Refused);
    }

    void aPeerOutsideTheUidRangeIsRefused() {
        Cell cell;
        LocalAddress address{cell.base, "c1/in/in.sock"};
        address.peerUidMin = ::geteuid() + 1;
        QCOMPARE(faultOf(cell.loop, address), Fault::Refused);
        address.peerUidMin = address.peerUidMax = ::geteuid();
        QCOMPARE(faultOf(cell.loop, address), Fault::None);
    }

    void aPeerThatDoesNotOwnTheDirectoryIsRefused() {
        QVERIFY2(::geteuid() == 0, "this case needs root: it gives a directory to another account");
        Cell cell;
        LocalAddress address{cell.base, "c1/in/in.sock"};
        address.peerOwnsDirectory = true;
        QCOMPARE(faultOf(cell.loop, address), Fault::None);
        QCOMPARE(::chown((cell.base / "c1/in").c_str(), 65534, 65534), 0);
        QCOMPARE(faultOf(cell.loop, address), Fault::Refused);
    }

    void aFileInPlaceOfTheSocketIsRefused() {
        Cell cell;
        QFile file(cell.directory.filePath("c1/in/plain"));
        QVERIFY(file.open(QIODevice::WriteOnly));
        QCOMPARE(faultOf(cell.loop, {cell.base, "c1/in/plain"}), Fault::Refused);
    }

    void aWholeAnswerGivesItsConnectionBack() {
        Cell cell;
        UpstreamPool pool(cell.loop.io(), LocalAddress{cell.base, "c1/in/in.sock"});
        QCOMPARE(cell.loop.await(get(pool, "/1")), std::string("new ok"));
        QCOMPARE(cell.loop.await(get(pool, "/2")), std::string("reused ok"));
        QCOMPARE(cell.loop.await(get(pool, "/close")), std::string("reused ok"));
        QCOMPARE(cell.loop.await(get(pool, "/3")), std::string("new ok"));
        cell.loop.run([&] { pool.closeIdle(); });
    }

    void aConnectionClosedMeanwhileIsNotUsedAgain() {
        ServerLimits limits;
        limits.idleDeadline = std::chrono::milliseconds(300);
        Cell cell("c1/in", limits);
        UpstreamLimits ours;
        ours.idleFor = std::chrono::seconds(30);
        UpstreamPool pool(cell.loop.io(), LocalAddress{cell.base, "c1/in/in.sock"}, ours);
        QCOMPARE(cell.loop.await(get(pool, "/1")), std::string("new ok"));
        QTRY_COMPARE(cell.loop.run([&] { return cell.listener->open(); }), std::size_t(0));
        QCOMPARE(cell.loop.await(get(pool, "/2")), std::string("new ok"));
        cell.loop.run([&] { pool.closeIdle(); });
    }

    void anIdleConnectionIsClosedInTimeWithoutBeingAskedFor() {
        Cell cell;
        UpstreamLimits ours;
        ours.idleFor = std::chrono::milliseconds(300);
        UpstreamPool pool(cell.loop.io(), LocalAddress{cell.base, "c1/in/in.sock"}, ours);
        QCOMPARE(cell.loop.await(get(pool, "/1")), std::string("new ok"));
        QTRY_COMPARE(cell.loop.run([&] { return cell.listener->open(); }), std::size_t(0));
        cell.loop.run([&] { pool.closeIdle(); });
    }

    void nobodyListeningIsRefusedAtOnce() {
        IoThread loop;
        UpstreamPool pool(loop.io(), TcpAddress{"127.0.0.1", 1});
        QCOMPARE(loop.await(get(pool, "/")), std::string("refused"));
    }
};

QTEST_GUILESS_MAIN(TestUpstream)
#include "tst_upstream.moc"
