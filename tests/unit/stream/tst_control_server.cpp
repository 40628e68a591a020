// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "stream/control_server.h"

#include "io_thread.h"
#include "raw_client.h"

#include <QTemporaryDir>
#include <QtTest>
#include <sys/wait.h>
#include <unistd.h>

using namespace clawloops;
using namespace clawloops::stream;
using clawloops::test::IoThread;
using clawloops::test::RawClient;

class TestControlServer : public QObject {
    Q_OBJECT

    struct Server {
        explicit Server(std::vector<uid_t> allowed = {}) {
            path = directory.filePath("control.sock").toStdString();
            QFile::setPermissions(directory.path(), QFile::Permissions(0x7777));
            server = loop.run([&] {
                return std::move(ControlServer::listen(loop.io(), path, 0666, allowed, [](control::Request request) { return answer(std::move(request)); }).value());
            });
        }
        ~Server() {
            loop.run([&] { server->close(); });
            loop.finish();
        }
        static Task<Result<json::object>> answer(control::Request request) {
            if (request.verb == "echo")
                co_return json::object{{"args", request.args}, {"rid", request.rid}};
            co_return Error{ErrorCode::InvalidRequest, "unknown verb", {}};
        }
        QTemporaryDir directory;
        std::string path;
        IoThread loop;
        std::unique_ptr<ControlServer> server;
    };

    static std::string firstLineAs(uid_t uid, const std::string& path) {
        int ends[2];
        if (::pipe(ends) != 0)
            return "no pipe";
        const pid_t child = ::fork();
        if (child == 0) {
            if (::setgid(uid) != 0 || ::setuid(uid) != 0)
                ::_exit(2);
            auto client = RawClient::local(path);
            client.send("{\"id\":1,\"verb\":\"echo\",\"args\":{}}\n");
            const std::string line = client.connected() ? client.receive("\n") : "not connected";
            const std::string text = line.empty() ? "closed" : line;
            const auto written = ::write(ends[1], text.data(), text.size());
            ::_exit(written > 0 ? 0 : 1);
        }
        ::close(ends[1]);
        char buffer[1000];
        const ssize_t got = ::read(ends[0], buffer, sizeof buffer);
        ::close(ends[0]);
        ::waitpid(child, nullptr, 0);
        return std::string(buffer, got > 0 ? static_cast<std::size_t>(got) : 0);
    }

private Q_SLOTS:
    void answersCarryTheRequestsId() {
        Server server;
        auto client = RawClient::local(server.path);
        client.send("{\"id\":7,\"verb\":\"echo\",\"rid\":\"req_a\",\"args\":{\"a\":1}}\n{\"id\":8,\"verb\":\"nope\",\"args\":{}}\n");
        const std::string lines = client.receive("unknown verb");
        QVERIFY2(lines.find("{\"id\":7,\"ok\":{\"args\":{\"a\":1},\"rid\":\"req_a\"}}") != std::string::npos, lines.c_str());
        QVERIFY2(lines.find("INVALID_REQUEST") != std::string::npos, lines.c_str());
    }

    void wrongLinesAreRefusedAndTheConnectionStays() {
        Server server;
        auto client = RawClient::local(server.path);
        client.send("{\"id\":3,\"verb\":\"echo\",\"args\":{},\"other\":1}\n");
        QVERIFY(client.receive("}\n").find("\"id\":3,\"error\"") != std::string::npos);
        client.send("{\"id\":4,\"verb\":\"echo\",\"args\":{}}\n");
        QVERIFY(client.receive("}\n").find("\"id\":4,\"ok\"") != std::string::npos);
    }

    void aLineOverTheLimitEndsTheConnection() {
        Server server;
        auto client = RawClient::local(server.path);
        client.send("{\"id\":1,\"verb\":\"" + std::string(control::longestLine + 10, 'x'));
        QCOMPARE(client.receive(), std::string());
        QVERIFY(client.sawEnd());
    }

    void eventsReachEveryConnection() {
        Server server;
        auto first = RawClient::local(server.path);
        auto second = RawClient::local(server.path);
        for (auto* client : {&first, &second}) {
            client->send("{\"id\":1,\"verb\":\"echo\",\"args\":{}}\n");
            QVERIFY(!client->receive("}\n").empty());
        }
        server.loop.run([&] { server.server->push("closed", json::object{{"open", 0}}); });
        for (auto* client : {&first, &second})
            QCOMPARE(client->receive("}\n"), std::string("{\"event\":\"closed\",\"data\":{\"open\":0}}\n"));
    }

    void anotherAccountIsClosedAtAccept() {
        QVERIFY2(::geteuid() == 0, "this case needs root: it comes as a second account");
        {
            Server server({12345});
            QCOMPARE(firstLineAs(65534, server.path), std::string("closed"));
        }
        Server server({65534});
        QVERIFY(firstLineAs(65534, server.path).find("\"ok\"") != std::string::npos);
    }
};

QTEST_GUILESS_MAIN(TestControlServer)
#include "tst_control_server.moc"
