// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The command line as a script uses it: real process, exit codes, --json, sentences.
#include "client/server_trust.h"
#include "link/control_server.h"
#include "tls_test_server.h"

#include <QtTest>
#include <sys/stat.h>

using namespace clawloops;

class CommandLine : public QObject {
    Q_OBJECT

    struct Outcome {
        int code = -1;
        QByteArray out;
        QByteArray err;
    };
    QTemporaryDir m_home;
    ScriptedTlsServer m_server;
    QString m_pin;
    QString m_url;

    Outcome run(const QStringList& arguments, const QByteArray& input = {}, bool pinned = true) {
        QProcess program;
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        environment.insert(QStringLiteral("XDG_CONFIG_HOME"), m_home.path());
        environment.insert(QStringLiteral("XDG_DATA_HOME"), m_home.path());
        environment.insert(QStringLiteral("CLAWLOOPS_SERVER"), m_url);
        environment.insert(QStringLiteral("CLAWLOOPS_RUN"), m_home.filePath(QStringLiteral("run")));
        program.setProcessEnvironment(environment);
        QStringList all = arguments;
        if (pinned)
            all << QStringLiteral("--pin") << m_pin;
        program.start(QStringLiteral(BINARY_DIR "/bin/clawloopsctl"), all);
        program.write(input);
        program.closeWriteChannel();
        // The servers live in this process: wait with a running loop.
        QSignalSpy ended(&program, &QProcess::finished);
        if (program.state() != QProcess::NotRunning)
            ended.wait(30'000);
        return {program.exitCode(), program.readAllStandardOutput(), program.readAllStandardError()};
    }
    QString tokenFile() { return m_home.filePath(QStringLiteral("token")); }
    QStringList withToken(QStringList arguments) { return arguments << QStringLiteral("--token-file") << tokenFile(); }

private Q_SLOTS:
    void initTestCase() {
        const auto identity = ScriptedTlsServer::makeIdentity(QStringLiteral("appliance"));
        m_server.show(identity);
        QVERIFY(m_server.start());
        m_url = QStringLiteral("https://127.0.0.1:%1").arg(m_server.serverPort());
        m_pin = gui::fingerprintText(gui::fingerprint(identity.certificate));
        const QByteArray user = R"({"userId":"usr_a","subjectId":"usr_a","username":"anna","tenantId":"default","role":"admin","status":"active",)"
                                R"("isAdmin":true,"isDisabled":false,"mustChangePassword":false,"passwordChangeReason":null,)"
                                R"("createdAt":"2026-11-22T10:00:00.000Z","lastSignInAt":null})";
        m_server.answer("/api/v1/auth/login", "200 OK", R"({"token":"tok-1234","expiresAt":"2026-12-22T10:00:00.000Z","user":)" + user + "}");
        m_server.answer("/api/v1/admin/users", "200 OK", R"({"items":[)" + user + "]}");
        m_server.answer("/api/v1/admin/users/usr_a/status", "409 Conflict",
                        R"({"code":"INVALID_REQUEST","message":"You cannot freeze yourself.","requestId":"req_x"})");
    }

    void wrongUsageEndsWith64AndASentence() {
        for (const QStringList& wrong : {QStringList{QStringLiteral("frobnicate")}, {QStringLiteral("user")}, {QStringLiteral("user"), QStringLiteral("invite")},
                                         {QStringLiteral("user"), QStringLiteral("list"), QStringLiteral("extra")}, {QStringLiteral("--frob")}}) {
            const Outcome outcome = run(wrong);
            QCOMPARE(outcome.code, 64);
            QVERIFY(outcome.out.isEmpty());
            QCOMPARE(outcome.err.count('\n'), 1);
        }
        QCOMPARE(run({QStringLiteral("status"), QStringLiteral("--pin"), QStringLiteral("abc")}, {}, false).code, 64);
        QCOMPARE(run({QStringLiteral("--help")}).code, 0);
    }

    void signingInKeepsATokenForItsOwnerAlone() {
        QCOMPARE(run(withToken({QStringLiteral("user"), QStringLiteral("list")})).code, 77);
        const Outcome in = run(withToken({QStringLiteral("login"), QStringLiteral("--name"), QStringLiteral("anna")}), "the-password\n");
        QVERIFY2(in.code == 0, in.err.constData());
        QVERIFY(!in.out.contains("tok-1234") && !in.err.contains("tok-1234"));
        struct stat info {};
        QCOMPARE(::stat(QFile::encodeName(tokenFile()).constData(), &info), 0);
        QCOMPARE(info.st_mode & 0777, mode_t(0600));

        const Outcome list = run(withToken({QStringLiteral("user"), QStringLiteral("list")}));
        QVERIFY2(list.code == 0, list.err.constData());
        QVERIFY(list.out.contains("anna"));
        const Outcome json = run(withToken({QStringLiteral("user"), QStringLiteral("list"), QStringLiteral("--json")}));
        QCOMPARE(json.code, 0);
        QVERIFY(json.out.startsWith("{\"items\":[{\"userId\":\"usr_a\""));
        const Outcome refused = run(withToken({QStringLiteral("user"), QStringLiteral("disable"), QStringLiteral("anna")}));
        QCOMPARE(refused.code, 1);
        QVERIFY(refused.err.contains("You cannot freeze yourself. [req_aaaaaaaaaaaaaaaaaaaa]"));
        QCOMPARE(run(withToken({QStringLiteral("user"), QStringLiteral("disable"), QStringLiteral("nobody")})).code, 1);

        QCOMPARE(::chmod(QFile::encodeName(tokenFile()).constData(), 0644), 0);
        const Outcome open = run(withToken({QStringLiteral("user"), QStringLiteral("list")}));
        QCOMPARE(open.code, 77);
        QVERIFY(open.err.contains("other accounts"));
        QVERIFY(QFile::remove(tokenFile()));
    }

    void anUnknownCertificateIsRefusedWithItsFingerprint() {
        m_server.received.clear();
        const Outcome outcome = run(withToken({QStringLiteral("login"), QStringLiteral("--name"), QStringLiteral("anna")}), "the-password\n", false);
        QCOMPARE(outcome.code, 77);
        QVERIFY(outcome.err.contains(m_pin.toLatin1()));
        QVERIFY(!m_server.received.contains("the-password"));
    }

    void nothingThereEndsWith69() {
        const Outcome outcome = run({QStringLiteral("login"), QStringLiteral("--name"), QStringLiteral("anna"), QStringLiteral("--server"),
                                     QStringLiteral("https://127.0.0.1:1")},
                                    "p\n");
        QCOMPARE(outcome.code, 69);
    }

    void statusWithoutSignInAsksTheSupervisorOfThisMachine() {
        QVERIFY(QDir(m_home.path()).mkpath(QStringLiteral("run/supervisor")));
        ControlServer supervisor;
        std::string state = "running";
        supervisor.handle("status", [&state](const json::object&, const std::string&, const ControlServer::Answer& answer) {
            answer(json::object{{"instance", "0badcafe"},
                                {"components", json::array{json::object{{"name", "traefik"}, {"title", "Traefik"}, {"state", state},
                                                                        {"since", "2026-11-22T10:00:00.000Z"}, {"pid", 12}, {"restarts", 0},
                                                                        {"sentence", nullptr}, {"rssBytes", 1000}}}}});
        });
        const Status listening = supervisor.listen(m_home.filePath(QStringLiteral("run/supervisor/control.sock")), {});
        QVERIFY2(listening.ok(), listening.ok() ? "" : listening.error().message.c_str());
        const Outcome well = run({QStringLiteral("status"), QStringLiteral("--json")});
        QVERIFY2(well.code == 0, well.err.constData());
        QVERIFY(well.out.contains("\"source\":\"supervisor\""));
        state = "backoff";
        const Outcome sick = run({QStringLiteral("status")});
        QCOMPARE(sick.code, 1);
        QVERIFY(sick.out.contains("down"));
    }
};

QTEST_GUILESS_MAIN(CommandLine)
#include "tst_ctl.moc"
