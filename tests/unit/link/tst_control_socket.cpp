// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "link/control_client.h"
#include "link/control_server.h"

#include <QLocalSocket>
#include <QProcess>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <sys/stat.h>
#include <unistd.h>

using namespace clawloops;

namespace {
constexpr int patience = 30'000;
}

class tst_ControlSocket : public QObject {
    Q_OBJECT

    QTemporaryDir m_dir;
    QString path() const { return m_dir.filePath(QStringLiteral("c.sock")); }

    static void addEcho(ControlServer& server) {
        server.handle("echo", [](const json::object& args, const std::string& rid, ControlServer::Answer answer) {
            answer(json::object{{"said", args}, {"rid", rid}});
        });
    }

private Q_SLOTS:
    void answerReachesTheCaller() {
        ControlServer server;
        addEcho(server);
        QVERIFY(server.listen(path(), {}));
        ControlClient client(path(), "The test server");
        QSignalSpy up(&client, &ControlClient::connected);
        client.open();
        QTRY_COMPARE_WITH_TIMEOUT(up.count(), 1, patience);
        std::optional<Result<json::object>> outcome;
        client.call("echo", {{"a", 1}}, nullptr, [&](Result<json::object> result) { outcome = std::move(result); },
                    std::chrono::seconds(5), "req_1");
        QTRY_VERIFY_WITH_TIMEOUT(outcome.has_value(), patience);
        QVERIFY(outcome->ok());
        QCOMPARE(json::serialize(outcome->value()), std::string(R"({"said":{"a":1},"rid":"req_1"})"));
    }

    void unknownVerbIsNamed() {
        ControlServer server;
        QVERIFY(server.listen(path(), {}));
        ControlClient client(path(), "The test server");
        QSignalSpy up(&client, &ControlClient::connected);
        client.open();
        QTRY_COMPARE_WITH_TIMEOUT(up.count(), 1, patience);
        std::optional<Error> error;
        client.call("no.such", {}, nullptr, [&](Result<json::object> result) { error = result.error(); });
        QTRY_VERIFY_WITH_TIMEOUT(error.has_value(), patience);
        QCOMPARE(error->code, ErrorCode::NotFound);
        QVERIFY(error->message.find("no.such") != std::string::npos);
    }

    void callsUnderWayFailWhenTheServerDies() {
        auto server = std::make_unique<ControlServer>();
        ControlServer::Answer kept;
        server->handle("never", [&](const json::object&, const std::string&, ControlServer::Answer answer) { kept = answer; });
        QVERIFY(server->listen(path(), {}));
        ControlClient client(path(), "The test server");
        QSignalSpy up(&client, &ControlClient::connected);
        client.open();
        QTRY_COMPARE_WITH_TIMEOUT(up.count(), 1, patience);
        std::optional<Error> error;
        client.call("never", {}, nullptr, [&](Result<json::object> result) { error = result.error(); });
        QTRY_VERIFY_WITH_TIMEOUT(kept, patience);
        server.reset();
        QTRY_VERIFY_WITH_TIMEOUT(error.has_value(), patience);
        QCOMPARE(error->code, ErrorCode::Unavailable);
        kept(json::object()); // an answer for a connection that is gone is dropped
    }

    void clientComesBackByItself() {
        ControlClient client(path(), "The test server");
        QSignalSpy up(&client, &ControlClient::connected);
        client.open();
        for (int i = 1; i <= 2; ++i) {
            ControlServer server;
            QVERIFY(server.listen(path(), {}));
            QTRY_COMPARE_WITH_TIMEOUT(up.count(), i, patience);
        }
    }

    void callWithoutAConnectionFailsAtOnce() {
        ControlClient client(path(), "The test server");
        std::optional<Error> error;
        client.call("x", {}, nullptr, [&](Result<json::object> result) { error = result.error(); }, std::chrono::hours(1));
        QVERIFY(!error); // never inside the call itself
        QTRY_VERIFY_WITH_TIMEOUT(error.has_value(), patience);
        QCOMPARE(error->code, ErrorCode::Unavailable);
    }

    void lateAnswerIsATimeout() {
        ControlServer server;
        server.handle("never", [](const json::object&, const std::string&, ControlServer::Answer) {});
        QVERIFY(server.listen(path(), {}));
        ControlClient client(path(), "The test server");
        QSignalSpy up(&client, &ControlClient::connected);
        client.open();
        QTRY_COMPARE_WITH_TIMEOUT(up.count(), 1, patience);
        std::optional<Error> error;
        client.call("never", {}, nullptr, [&](Result<json::object> result) { error = result.error(); },
                    std::chrono::milliseconds(50));
        QTRY_VERIFY_WITH_TIMEOUT(error.has_value(), patience);
        QCOMPARE(error->code, ErrorCode::Unavailable);
    }

    void guardThatDiedIsNotCalled() {
        ControlClient client(path(), "The test server");
        auto guard = std::make_unique<QObject>();
        bool called = false;
        bool other = false;
        client.call("x", {}, guard.get(), [&](Result<json::object>) { called = true; });
        client.call("x", {}, nullptr, [&](Result<json::object>) { other = true; });
        guard.reset();
        QTRY_VERIFY_WITH_TIMEOUT(other, patience);
        QVERIFY(!called);
    }

    void eventsReachEveryClient() {
        ControlServer server;
        QVERIFY(server.listen(path(), {}));
        ControlClient one(path(), "The test server");
        ControlClient two(path(), "The test server");
        QSignalSpy upOne(&one, &ControlClient::connected);
        QSignalSpy upTwo(&two, &ControlClient::connected);
        QSignalSpy saidOne(&one, &ControlClient::event);
        QSignalSpy saidTwo(&two, &ControlClient::event);
        one.open();
        two.open();
        QTRY_VERIFY_WITH_TIMEOUT(upOne.count() == 1 && upTwo.count() == 1, patience);
        QTRY_VERIFY_WITH_TIMEOUT((server.broadcast("tick", {}), saidOne.count() > 0 && saidTwo.count() > 0), patience);
        QCOMPARE(saidOne.first().first().toString(), QStringLiteral("tick"));
    }

    void socketIsClosedToOthersByItsMode() {
        ControlServer server;
        QVERIFY(server.listen(path(), {}, 0600));
        struct stat status{};
        QCOMPARE(::stat(qPrintable(path()), &status), 0);
        QCOMPARE(status.st_mode & 0777, mode_t(0600));
    }

    void peerWithAnotherUidIsClosedUnanswered() {
        if (::geteuid() != 0)
            QFAIL("this test changes its peer's uid and needs root");
        ControlServer server;
        addEcho(server);
        QVERIFY(server.listen(path(), {}, 0666));
        QVERIFY(::chmod(qPrintable(m_dir.path()), 0711) == 0);
        const auto ask = [&](const QString& uid) {
            QProcess process;
            process.start(QStringLiteral("setpriv"),
                          {QStringLiteral("--reuid"), uid, QStringLiteral("--clear-groups"), QStringLiteral("/usr/bin/python3"),
                           QStringLiteral("-c"),
                           QStringLiteral("import socket,sys\ns=socket.socket(socket.AF_UNIX)\ns.settimeout(10)\ns.connect(sys.argv[1])\nprint('connected')\n"
                                          "s.sendall(b'{\"id\":1,\"verb\":\"echo\",\"args\":{}}\\n')\n"
                                          "try:\n print(s.recv(100).decode())\nexcept ConnectionError:\n print('')"),
                           path()});
            [&] { QTRY_COMPARE_WITH_TIMEOUT(process.state(), QProcess::NotRunning, patience); }();
            return QString::fromUtf8(process.readAllStandardOutput()).trimmed();
        };
        const QString own = ask(QStringLiteral("0"));
        QVERIFY2(own.startsWith(QStringLiteral("connected")) && own.contains(QStringLiteral("\"ok\"")), qPrintable(own));
        QCOMPARE(ask(QStringLiteral("65534")), QStringLiteral("connected")); // so far the file's mode let it come
    }

    void secondServerDoesNotTakeTheSocketOfALivingOne() {
        ControlServer first;
        QVERIFY(first.listen(path(), {}));
        ControlServer second;
        const Status status = second.listen(path(), {});
        QVERIFY(!status);
        QVERIFY(status.error().message.find("already answers") != std::string::npos);
    }

    void staleSocketFileIsReplaced() {
        QVERIFY(QProcess::execute(QStringLiteral("python3"),
                                  {QStringLiteral("-c"), QStringLiteral("import socket,sys;socket.socket(socket.AF_UNIX).bind(sys.argv[1])"),
                                   path()}) == 0);
        ControlServer server;
        QVERIFY(server.listen(path(), {}));
    }

    void pathTooLongForASocketIsSaid() {
        ControlServer server;
        const Status status = server.listen(QStringLiteral("/tmp/") + QString(200, QLatin1Char('x')), {});
        QVERIFY(!status);
        QVERIFY(status.error().message.find("paths.run") != std::string::npos);
    }
};

QTEST_GUILESS_MAIN(tst_ControlSocket)
#include "tst_control_socket.moc"
