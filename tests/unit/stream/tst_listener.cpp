// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "stream/listener.h"

#include "io_thread.h"
#include "raw_client.h"
#include "read_whole.h"

#include <QTemporaryDir>
#include <QtTest>
#include <atomic>
#include <boost/asio/basic_waitable_timer.hpp>
#include <linux/sockios.h>
#include <sys/ioctl.h>
#include <sys/stat.h>

using namespace clawloops;
using namespace clawloops::stream;
using clawloops::test::IoThread;
using clawloops::test::RawClient;

namespace {

// Echoes the body, or the target when there is none.
Task<void> echo(Exchange& exchange) {
    constexpr std::size_t limit = 1000;
    const Framing framing = exchange.request().framing;
    Outcome<std::string> body = Fault::TooLarge; // what is announced as too large is not even asked for
    if (framing.kind != Framing::Kind::Length || framing.length <= limit)
        body = co_await test::readWhole(exchange, limit);
    ResponseHead head;
    if (!body) {
        head.status = body.fault == Fault::TooLarge ? 413 : 400;
        static_cast<void>(co_await exchange.respond(head));
        co_return;
    }
    const std::string text = body.value.empty() ? exchange.request().target : body.value;
    static_cast<void>(co_await exchange.respond(head, text));
}

} // namespace

class TestListener : public QObject {
    Q_OBJECT

    // A listener on a socket of its own, ended in order.
    struct Server {
        explicit Server(Handler handler = echo, ServerLimits limits = {}) {
            path = directory.filePath("s.sock").toStdString();
            listener = loop.run([&] { return std::move(Listener::local(loop.io(), path, 0600, limits, handler).value()); });
        }
        ~Server() {
            loop.run([&] { listener->close(); });
            loop.finish();
        }
        RawClient client() const { return RawClient::local(path); }
        QTemporaryDir directory;
        std::string path;
        IoThread loop;
        std::unique_ptr<Listener> listener;
    };

private Q_SLOTS:
    void refusesWhatIsNotHttp11AsWeAcceptIt_data() {
        QTest::addColumn<QByteArray>("request");
        QTest::addColumn<QByteArray>("status");
        const QByteArray line = "POST / HTTP/1.1\r\nHost: h\r\n";
        QTest::newRow("length and chunked") << line + "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n" << QByteArray("400");
        QTest::newRow("chunked and length") << line + "Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n" << QByteArray("400");
        QTest::newRow("two different lengths") << line + "Content-Length: 3\r\nContent-Length: 4\r\n\r\nabc" << QByteArray("400");
        QTest::newRow("two equal lengths") << line + "Content-Length: 3\r\nContent-Length: 3\r\n\r\nabc" << QByteArray("400");
        QTest::newRow("length list") << line + "Content-Length: 3, 4\r\n\r\nabc" << QByteArray("400");
        QTest::newRow("negative length") << line + "Content-Length: -1\r\n\r\n" << QByteArray("400");
        QTest::newRow("signed length") << line + "Content-Length: +3\r\n\r\nabc" << QByteArray("400");
        QTest::newRow("two codings") << line + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n" << QByteArray("400");
        QTest::newRow("unknown coding") << line + "Transfer-Encoding: xchunked\r\n\r\n" << QByteArray("400");
        QTest::newRow("coding twice") << line + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n" << QByteArray("400");
        QTest::newRow("space before colon") << line + "X : 1\r\n\r\n" << QByteArray("400");
        QTest::newRow("folded line") << line + "X: 1\r\n 2\r\n\r\n" << QByteArray("400");
        QTest::newRow("bare line feed") << QByteArray("GET / HTTP/1.1\nHost: h\n\n") << QByteArray("400");
        QTest::newRow("bare line feed in a field") << line + "X: 1\nY: 2\r\n\r\n" << QByteArray("400");
        QTest::newRow("NUL in a value") << line + QByteArray("X: a\0b\r\n\r\n", 10) << QByteArray("400");
        QTest::newRow("HTTP/0.9") << QByteArray("GET /\r\n\r\n") << QByteArray("400");
        QTest::newRow("HTTP/9.9") << QByteArray("GET / HTTP/9.9\r\nHost: h\r\n\r\n") << QByteArray("400");
        QTest::newRow("HTTP/2 preface") << QByteArray("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n") << QByteArray("400");
        QTest::newRow("chunked in HTTP/1.0") << QByteArray("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n") << QByteArray("400");
        QTest::newRow("TLS hello") << QByteArray("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", 15) << QByteArray("400");
        QTest::newRow("long head") << line + "X: " + QByteArray(40'000, 'x') + "\r\n\r\n" << QByteArray("431");
        QByteArray many = line;
        for (int i = 0; i < 300; ++i)
            many += "X-" + QByteArray::number(i) + ": 1\r\n";
        QTest::newRow("too many fields") << many + "\r\n" << QByteArray("431");
        QTest::newRow("broken chunk") << line + "Transfer-Encoding: chunked\r\n\r\nzz\r\n" << QByteArray("400");
    }
    void refusesWhatIsNotHttp11AsWeAcceptIt() {
        QFETCH(QByteArray, request);
        QFETCH(QByteArray, status);
        Server server;
        auto client = server.client();
        client.send(request.toStdString());
        client.finishSending();
        const std::string answer = client.receive();
        QVERIFY2(answer.starts_with("HTTP/1.1 " + status.toStdString()), answer.c_str());
        QVERIFY(client.sawEnd());
        QCOMPARE(answer.find("HTTP/1.1", 1), std::string::npos); // one refusal, and nothing behind it was served
    }

    void manySmallFieldsSentSlowlyStillHitTheHeadLimit() {
        ServerLimits limits;
        limits.headBytes = 2000;
        Server server(echo, limits);
        auto client = server.client();
        client.send("GET / HTTP/1.1\r\nHost: h\r\nX"); // a piece that ends one byte into a name is used up by Beast but for that byte
        for (int piece = 0; piece < 5; ++piece) {
            client.send("-" + std::to_string(piece) + ": " + std::string(500, 'y') + "\r\nX");
            const auto unread = [&] {
                int bytes = 0;
                return ::ioctl(client.fd(), SIOCOUTQ, &bytes) == 0 ? bytes : 0;
            };
            QTRY_COMPARE(unread(), 0); // each piece is parsed by itself, and none of them is over the limit
        }
        const std::string answer = client.receive();
        QVERIFY2(answer.starts_with("HTTP/1.1 431"), answer.c_str());
    }

    void answersRequestsOfOneConnectionInOrder() {
        Server server;
        auto client = server.client();
        client.send("GET /a HTTP/1.1\r\nHost: h\r\n\r\nPOST /b HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\n\r\nbodyGET /c HTTP/1.1\r\nHost: "
                    "h\r\nConnection: close\r\n\r\n");
        const std::string all = client.receive();
        const auto a = all.find("\r\n\r\n/a");
        const auto b = all.find("\r\n\r\nbody");
        const auto c = all.find("\r\n\r\n/c");
        QVERIFY2(a < b && b < c && c != std::string::npos, all.c_str());
        QVERIFY(client.sawEnd());
    }

    void readsAChunkedBodyAndDropsItsTrailers() {
        Server server;
        auto client = server.client();
        client.send("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n3;ext=1\r\nabc\r\n2\r\nde\r\n0\r\nX-Trailer: "
                    "1\r\n\r\n");
        const std::string answer = client.receive("abcde");
        QVERIFY2(answer.ends_with("\r\n\r\nabcde"), answer.c_str());
    }

    void saysContinueOnlyWhenTheBodyIsWanted() {
        Server server;
        auto client = server.client();
        client.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n");
        QVERIFY(client.receive("100 Continue\r\n\r\n").find("100 Continue") != std::string::npos);
        client.send("abc");
        QVERIFY(client.receive("abc").ends_with("abc"));

        auto large = server.client();
        large.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 100000\r\nExpect: 100-continue\r\n\r\n");
        const std::string answer = large.receive();
        QVERIFY2(answer.starts_with("HTTP/1.1 413"), answer.c_str());
        QVERIFY(large.sawEnd());
    }

    void aHeadThatNeverEndsIsDroppedAtItsDeadline() {
        ServerLimits limits;
        limits.headDeadline = std::chrono::milliseconds(400);
        Server server(echo, limits);
        auto client = server.client();
        client.send("GET / HTTP/1.1\r\nHos");
        QCOMPARE(client.receive(), std::string());
        QVERIFY(client.sawEnd());
    }

    void anIdleConnectionIsDroppedAtItsDeadline() {
        ServerLimits limits;
        limits.idleDeadline = std::chrono::milliseconds(400);
        Server server(echo, limits);
        auto client = server.client();
        client.send("GET /a HTTP/1.1\r\nHost: h\r\n\r\n");
        QVERIFY(client.receive().ends_with("/a"));
        QVERIFY(client.sawEnd());
    }

    void connectionsOverTheLimitAreClosedAtOnce() {
        ServerLimits limits;
        limits.connections = 2;
        Server server(echo, limits);
        auto first = server.client();
        auto second = server.client();
        first.send("GET /1 HTTP/1.1\r\nHost: h\r\n\r\n");
        second.send("GET /2 HTTP/1.1\r\nHost: h\r\n\r\n");
        QVERIFY(first.receive("/1").ends_with("/1"));
        QVERIFY(second.receive("/2").ends_with("/2"));
        auto third = server.client();
        QCOMPARE(third.receive(), std::string());
        QVERIFY(third.sawEnd());
        first.close();
        QTRY_VERIFY(server.loop.run([&] { return server.listener->open(); }) < 2);
        auto fourth = server.client();
        fourth.send("GET /4 HTTP/1.1\r\nHost: h\r\n\r\n");
        QVERIFY(fourth.receive("/4").ends_with("/4"));
    }

    void aHandlerThatBreaksOffNeverLooksWhole() {
        Server server([](Exchange& exchange) -> Task<void> {
            ResponseHead head;
            head.framing = Framing::chunked();
            exchange.begin(std::move(head));
            static_cast<void>(co_await exchange.write("part"));
        });
        auto client = server.client();
        client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
        const std::string all = client.receive();
        QVERIFY2(all.find("part") != std::string::npos && all.find("0\r\n\r\n") == std::string::npos, all.c_str());
        QVERIFY(client.sawEnd());
    }

    void moreThanThePromisedLengthIsNotSent() {
        Server server([](Exchange& exchange) -> Task<void> {
            ResponseHead head;
            head.framing = Framing::ofLength(3);
            exchange.begin(std::move(head));
            static_cast<void>(co_await exchange.write("four"));
        });
        auto client = server.client();
        client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
        QVERIFY(client.receive().find("four") == std::string::npos);
        QVERIFY(client.sawEnd());
    }

    void aHandlerWithoutAnAnswerGivesFiveHundred() {
        Server server([](Exchange&) -> Task<void> { co_return; });
        auto client = server.client();
        client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
        QVERIFY(client.receive().starts_with("HTTP/1.1 500"));
    }

    void theHandlerLearnsThatTheClientLeft() {
        std::promise<void> left;
        std::atomic<int> calls = 0;
        Server server([&](Exchange& exchange) -> Task<void> {
            const auto body = co_await test::readWhole(exchange, 100);
            static_cast<void>(body);
            exchange.onGone([&] {
                if (++calls == 1)
                    left.set_value();
            });
            ResponseHead head;
            head.framing = Framing::chunked();
            exchange.begin(std::move(head));
            while (!exchange.gone()) { // a slow stream
                static_cast<void>(co_await exchange.write("x"));
                asio::basic_waitable_timer<std::chrono::steady_clock, asio::wait_traits<std::chrono::steady_clock>, Executor> pause(
                    (co_await thisContext()).get_executor(), std::chrono::milliseconds(20));
                co_await pause.async_wait(awaitable);
            }
        });
        auto client = server.client();
        client.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\nhi");
        QVERIFY(!client.receive("x").empty());
        client.close();
        QVERIFY(left.get_future().wait_for(std::chrono::seconds(10)) == std::future_status::ready);
        QTRY_COMPARE(server.loop.run([&] { return server.listener->open(); }), std::size_t(0));
        QCOMPARE(calls.load(), 1);
    }

    void aStaleSocketIsReplacedAndUnlinkedAtClose() {
        QTemporaryDir directory;
        const std::string path = directory.filePath("s.sock").toStdString();
        IoThread loop;
        auto make = [&] { return loop.run([&] { return Listener::local(loop.io(), path, 0640, {}, echo); }); };
        auto first = make();
        QVERIFY(first.ok());
        auto second = make(); // as after a SIGKILL of the first
        QVERIFY(second.ok());
        struct stat facts {};
        QCOMPARE(::stat(path.c_str(), &facts), 0);
        QCOMPARE(facts.st_mode & 0777, mode_t(0640));
        loop.run([&] { first.value()->close(); }); // must not take its successor's socket away
        QCOMPARE(::stat(path.c_str(), &facts), 0);
        loop.run([&] { second.value()->close(); });
        QVERIFY(::stat(path.c_str(), &facts) != 0);
        loop.finish();
    }

    void nothingButASocketIsRemoved() {
        QTemporaryDir directory;
        const QString path = directory.filePath("s.sock");
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("kept");
        file.close();
        IoThread loop;
        auto made = loop.run([&] { return Listener::local(loop.io(), path.toStdString(), 0600, {}, echo); });
        QVERIFY(!made.ok());
        QVERIFY(QFile::exists(path));
        loop.finish();
    }
};

QTEST_GUILESS_MAIN(TestListener)
#include "tst_listener.moc"
