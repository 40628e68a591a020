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
    static json::object object(const QByteArray& text) {
        const auto read = parseObject({text.constData(), std::size_t(text.size())});
        return read ? *read : json::object();
    }
    // JSON written with the other quotes: moc loses its way in some raw strings.
    static QByteArray quoted(QByteArray text) { return text.replace('\'', '"'); }
    // Signed in without a word to the server.
    void keepToken() {
        QFile file(tokenFile());
        QVERIFY(file.open(QFile::WriteOnly | QFile::Truncate));
        QVERIFY(file.setPermissions(QFile::ReadOwner | QFile::WriteOwner));
        file.write("tok-1234\n");
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

    void anUnknownCommandNamesTheNearest_data() {
        QTest::addColumn<QString>("typed");
        QTest::addColumn<QByteArray>("meant");
        QTest::newRow("one letter") << "user lsit" << QByteArray("user list");
        QTest::newRow("plural") << "routes list" << QByteArray("route list");
        QTest::newRow("with an argument") << "runtme start anna" << QByteArray("runtime start");
        QTest::newRow("half of it") << "runtime" << QByteArray("runtime list");
        QTest::newRow("short") << "stats" << QByteArray("status");
    }
    void anUnknownCommandNamesTheNearest() {
        QFETCH(QString, typed);
        QFETCH(QByteArray, meant);
        const Outcome outcome = run(typed.split(u' '));
        QCOMPARE(outcome.code, 64);
        QVERIFY2(outcome.err.contains("did you mean \"" + meant + "\"?"), outcome.err.constData());
        QCOMPARE(outcome.err.count('\n'), 1);
    }

    void invitingPrintsTheLinkAlone() {
        keepToken();
        const QByteArray invitation = "{'invitationId':'inv_1','username':'ben','role':'admin','status':'pending',"
                                      "'createdAt':'2026-11-22T10:00:00.000Z','expiresAt':'2026-11-25T10:00:00.000Z'}";
        m_server.answer("/api/v1/admin/invitations", "201 Created",
                        quoted("{'invitation':" + invitation + ",'link':'https://workstation.lan:8443/#invitation=SECRET'}"));
        m_server.received.clear();
        const Outcome made = run(withToken({QStringLiteral("user"), QStringLiteral("invite"), QStringLiteral("ben"), QStringLiteral("--role"),
                                            QStringLiteral("admin")}));
        QVERIFY2(made.code == 0, made.err.constData());
        QCOMPARE(made.out, QByteArray("https://workstation.lan:8443/#invitation=SECRET\n")); // a script takes it as it is
        QVERIFY(m_server.received.contains(quoted("{'username':'ben','role':'admin'}")));
        QVERIFY(m_server.received.contains("Bearer tok-1234"));
        const Outcome json = run(withToken({QStringLiteral("user"), QStringLiteral("invite"), QStringLiteral("ben"), QStringLiteral("--json")}));
        QCOMPARE(json.code, 0);
        QCOMPARE(object(json.out).at("invitation").as_object().at("username").as_string(), "ben");
        QVERIFY(m_server.received.contains(quoted("{'username':'ben','role':'user'}"))); // nobody becomes an admin unasked
    }

    void runtimesAreStartedAndStoppedByName() {
        keepToken();
        const auto runtime = [](const QByteArray& desired, const QByteArray& observed) {
            return quoted("{'runtimeId':'run_a','volumeId':'vol_a','imageRef':'i','desiredState':'" + desired + "','observedState':'" + observed +
                   "','browserUrl':null,'retentionPolicy':'preserve_workspace','lastError':null,'ready':false,'reason':'OpenClaw starting',"
                   "'since':'2026-11-22T10:00:00.000Z','task':null,'userId':'usr_a','username':'anna','cellId':'c0123456789ab'}");
        };
        m_server.answer("/api/v1/admin/users/usr_a/runtime/start", "202 Accepted", runtime("running", "creating"));
        m_server.answer("/api/v1/admin/users/usr_a/runtime/stop", "202 Accepted", runtime("stopped", "running"));
        const Outcome start = run(withToken({QStringLiteral("runtime"), QStringLiteral("start"), QStringLiteral("anna")}));
        QVERIFY2(start.code == 0, start.err.constData());
        QCOMPARE(start.out, QByteArray("anna: starting\n"));
        const Outcome stop = run(withToken({QStringLiteral("runtime"), QStringLiteral("stop"), QStringLiteral("anna"), QStringLiteral("--json")}));
        QCOMPARE(stop.code, 0);
        QCOMPARE(object(stop.out).at("desiredState").as_string(), "stopped");
        QCOMPARE(object(stop.out).at("cellId").as_string(), "c0123456789ab");
        const Outcome nobody = run(withToken({QStringLiteral("runtime"), QStringLiteral("stop"), QStringLiteral("nobody")}));
        QCOMPARE(nobody.code, 1);
        QVERIFY(nobody.err.contains("There is no person named nobody."));
        m_server.answer("/api/v1/admin/runtimes", "200 OK", quoted("{'items':[" + runtime("running", "creating") + "]}"));
        const Outcome list = run(withToken({QStringLiteral("runtime"), QStringLiteral("list")}));
        QVERIFY(list.out.contains("c0123456789ab") && list.out.contains("OpenClaw starting"));
    }

    void routesAreListedWithEachTargetInOrder() {
        keepToken();
        const auto target = [](const QByteArray& name, const QByteArray& rest) {
            return "{'name':'" + name + "'," + rest + ",'weight':1,'provider':'','slots':0,'credentialId':'','price':null}";
        };
        const auto route = [](const QByteArray& id, const QByteArray& enabled, const QByteArray& targets) {
            return "{'modelId':'" + id + "','title':'T','enabled':" + enabled + ",'targets':[" + targets +
                   "],'balance':'order','position':1,'everyone':true,'roles':[],'people':[],'force':{},'defaults':{},'contextTokens':0,'outputTokens':0}";
        };
        m_server.answer("/api/v1/admin/routes", "200 OK",
                        quoted("{'items':[" +
                               route("starter", "true",
                                     target("near", "'kind':'openai','model':'smol','url':'unix:/a'") + "," +
                                         target("far", "'kind':'litellm','model':'big','url':'unix:/b'")) +
                               "," + route("empty", "false", "") + "]}"));
        const Outcome list = run(withToken({QStringLiteral("route"), QStringLiteral("list")}));
        QVERIFY2(list.code == 0, list.err.constData());
        const QList<QByteArray> lines = list.out.trimmed().split('\n');
        QCOMPARE(lines.size(), 4);
        QVERIFY(lines[1].startsWith("starter") && lines[1].contains("near"));
        QVERIFY(lines[2].startsWith(" ") && lines[2].contains("litellm")); // the second target, under the same name
        QVERIFY(lines[3].startsWith("empty") && lines[3].contains("off"));
        const Outcome json = run(withToken({QStringLiteral("route"), QStringLiteral("list"), QStringLiteral("--json")}));
        QCOMPARE(object(json.out).at("items").as_array().size(), std::size_t(2));
    }

    void aTraceSaysTheHopsInOrderAndHowTheyWereJoined() {
        keepToken();
        const QByteArray id = "req_aaaaaaaaaaaaaaaaaaaa";
        m_server.answer("/api/v1/admin/trace/" + id, "200 OK",
                        R"({"requestId":")" + id + R"(","hops":[)"
                        R"({"at":"2026-11-22T10:00:00.000Z","component":"traefik","message":"GET /w/anna/","requestId":")" + id + R"(","joined":false,"line":"l"},)"
                        R"({"at":"2026-11-22T10:00:00.004Z","component":"relay","message":"opened","requestId":")" + id + R"(","joined":false,"line":"l"},)"
                        R"({"at":"2026-11-22T10:00:01.250Z","component":"gateway","message":"200 in 900 ms","requestId":"req_bbbbbbbbbbbbbbbbbbbb","joined":true,"line":"l"}],)"
                        R"("note":"Joined by cell and time: a chat message travels in a WebSocket."})");
        const Outcome trace = run(withToken({QStringLiteral("trace"), QString::fromLatin1(id)}));
        QVERIFY2(trace.code == 0, trace.err.constData());
        const QList<QByteArray> lines = trace.out.trimmed().split('\n');
        QCOMPARE(lines.size(), 6);
        QVERIFY(lines[1].contains("+0 ms") && lines[1].contains("traefik"));
        QVERIFY(lines[2].contains("+4 ms") && lines[2].contains("relay"));
        QVERIFY(lines[3].contains("+1250 ms") && lines[3].contains("gateway") && lines[3].contains("~ req_bbbbbbbbbbbbbbbbbbbb"));
        QCOMPARE(lines[5], QByteArray("~ Joined by cell and time: a chat message travels in a WebSocket."));
        const Outcome json = run(withToken({QStringLiteral("trace"), QString::fromLatin1(id), QStringLiteral("--json")}));
        QCOMPARE(object(json.out).at("hops").as_array().size(), std::size_t(3));
        QVERIFY(object(json.out).at("hops").as_array()[2].as_object().at("joined").as_bool());
        const Outcome wrong = run(withToken({QStringLiteral("trace"), QStringLiteral("../../users")}));
        QCOMPARE(wrong.code, 64);
        QVERIFY(wrong.err.contains("is not a request id"));
    }

    void aSessionThatIsOverSaysHowToGoOn() {
        keepToken();
        m_server.answer("/api/v1/admin/routes", "401 Unauthorized", R"({"code":"UNAUTHENTICATED","message":"Sign in first.","requestId":"req_x"})");
        const Outcome outcome = run(withToken({QStringLiteral("route"), QStringLiteral("list")}));
        QCOMPARE(outcome.code, 77);
        QVERIFY2(outcome.err.contains("clawloopsctl login"), outcome.err.constData());
        QVERIFY(outcome.out.isEmpty());
    }

    void anotherCertificateThanThePinnedOneGetsNothing() {
        keepToken();
        m_server.received.clear();
        const Outcome outcome = run(withToken({QStringLiteral("user"), QStringLiteral("list"), QStringLiteral("--pin"), QString(64, u'0')}), {}, false);
        QCOMPARE(outcome.code, 77);
        QVERIFY2(outcome.err.contains("another certificate"), outcome.err.constData());
        QVERIFY(!m_server.received.contains("tok-1234"));
        QVERIFY(QFile::remove(tokenFile()));
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

    // Everything beside the answer's own path is the same: the words of the command, and an option it does not take.
    void whatACommandDoesNotTakeIsWrongUsage() {
        keepToken();
        const Outcome outcome = run(withToken({QStringLiteral("hold"), QStringLiteral("list"), QStringLiteral("--limit"), QStringLiteral("5")}));
        QCOMPARE(outcome.code, 64);
        QVERIFY2(outcome.err.contains("takes no --limit"), outcome.err.constData());
    }

    void aBudgetIsMadeInTheUnitThatPeopleWrite() {
        keepToken();
        m_server.answer("/api/v1/admin/budgets", "200 OK", quoted("{'items':[]}"));
        m_server.received.clear();
        QStringList words = QStringLiteral("budget set Lunch --limit 5.25 --scope person --subject anna --window day --json").split(u' ');
        const Outcome made = run(withToken(words));
        QVERIFY2(made.code == 0, made.err.constData());
        QVERIFY2(m_server.received.contains(quoted("{'name':'Lunch','scope':'person','subject':'usr_a','unit':'money','window':'day','limit':5250000000}")),
                 m_server.received.constData());
        words[4] = QStringLiteral("five");
        QCOMPARE(run(withToken(words)).code, 64);
    }

    void aNewKeyIsPrintedAlone() {
        keepToken();
        m_server.answer("/api/v1/users/me/keys", "201 Created", quoted("{'key':{'keyId':'key_1'},'secret':'clk_SECRET'}"));
        const Outcome made = run(withToken({QStringLiteral("key"), QStringLiteral("create"), QStringLiteral("Notebook")}));
        QVERIFY2(made.code == 0, made.err.constData());
        QCOMPARE(made.out, QByteArray("clk_SECRET\n")); // a script takes it as it is
    }

    void aProvidersKeyIsReadFromStandardInputAndNeverShown() {
        keepToken();
        const QByteArray one = quoted("{'credentialId':'crd_1','name':'Ours','provider':'groq','createdAt':'t','changedAt':'t','lastUsedAt':null,'lastError':null,'usedBy':['best']}");
        m_server.answer("/api/v1/admin/provider-credentials", "200 OK", "{\"items\":[" + one + "]}");
        m_server.answer("/api/v1/admin/provider-credentials/crd_1", "200 OK", one);
        m_server.received.clear();
        const Outcome changed = run(withToken({QStringLiteral("credential"), QStringLiteral("rotate"), QStringLiteral("Ours")}), "sk-canary-1\n");
        QVERIFY2(changed.code == 0, changed.err.constData());
        QVERIFY(m_server.received.contains("PUT /api/v1/admin/provider-credentials/crd_1"));
        QVERIFY(m_server.received.contains(quoted("{'secret':'sk-canary-1'}")));
        QVERIFY(changed.out.contains("Ours") && changed.out.contains("best") && !changed.out.contains("canary") && !changed.err.contains("canary"));
        // What stands in a command line can be read by everybody on the machine: no option takes it.
        QCOMPARE(run(withToken({QStringLiteral("credential"), QStringLiteral("add"), QStringLiteral("Ours"), QStringLiteral("--secret"), QStringLiteral("x")})).code, 64);
        QCOMPARE(run(withToken({QStringLiteral("credential"), QStringLiteral("remove"), QStringLiteral("None")})).code, 1);
    }

    void aModelIsOfferedWithTheCredentialThatIsNamed() {
        keepToken();
        m_server.answer("/api/v1/admin/models", "201 Created", quoted("{'modelId':'team/best'}"));
        m_server.received.clear();
        const QStringList words = QStringLiteral("route add team/best --provider groq --model llama --credential Ours --everyone yes --context 8192").split(u' ');
        const Outcome made = run(withToken(words));
        QVERIFY2(made.code == 0, made.err.constData());
        QVERIFY2(m_server.received.contains(quoted("'everyone':true,'contextTokens':8192")) && m_server.received.contains(quoted("'credentialId':'crd_1'")) &&
                     m_server.received.contains(quoted("'kind':'litellm','model':'llama'")),
                 m_server.received.constData());
        QCOMPARE(run(withToken(QStringLiteral("route set team/best --everyone maybe").split(u' '))).code, 64);
        QCOMPARE(run(withToken(QStringLiteral("route set team/best --context many").split(u' '))).code, 64);
        m_server.answer("/api/v1/admin/models/team%2Fbest", "200 OK", quoted("{'modelId':'team/best'}"));
        const Outcome gone = run(withToken(QStringLiteral("route remove team/best").split(u' ')));
        QVERIFY2(gone.code == 0 && gone.out == "team/best is removed.\n", gone.err.constData());
    }

    void freezingSaysWhyAndShowsWhoIsFrozen() {
        keepToken();
        m_server.answer("/api/v1/admin/users/usr_a/freeze", "200 OK",
                        quoted("{'items':[{'userId':'usr_a','username':'anna','state':'frozen','rule':'frozen','sentence':'A loop ran.','numbers':{},'since':'t'}],'all':''}"));
        m_server.answer("/api/v1/admin/freeze", "200 OK", quoted("{'items':[],'all':'The bill.'}"));
        m_server.received.clear();
        const Outcome one = run(withToken({QStringLiteral("freeze"), QStringLiteral("anna"), QStringLiteral("--reason"), QStringLiteral("A loop ran.")}));
        QVERIFY2(one.code == 0, one.err.constData());
        QVERIFY(m_server.received.contains(quoted("{'sentence':'A loop ran.'}")));
        QVERIFY(one.out.contains("anna") && one.out.contains("frozen"));
        const Outcome all = run(withToken({QStringLiteral("freeze"), QStringLiteral("EVERYBODY"), QStringLiteral("--reason"), QStringLiteral("The bill.")}));
        QVERIFY(all.out.contains("Everybody is frozen: The bill."));
    }
};

QTEST_GUILESS_MAIN(CommandLine)
#include "tst_ctl.moc"
