// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "link/control_client.h"
#include "link/control_server.h"
#include "orchestrator/ports/gateway_port.h"
#include "orchestrator/ports/runtimed_port.h"

#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace clawloops;
using namespace clawloops::orchestrator;

namespace {
constexpr int patience = 30'000;
}

// The ports against real control sockets that answer from a script.
class TestOrchestratorPorts : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder{QStringLiteral("/tmp/cl-ports-XXXXXX")};
    std::unique_ptr<ControlServer> m_server;
    std::unique_ptr<ControlClient> m_client;
    json::object m_asked;

    void answer(const char* verb, const char* reply) {
        m_server->handle(verb, [this, reply](const json::object& args, const std::string&, ControlServer::Answer done) {
            m_asked = args;
            done(*parseObject(reply));
        });
    }

    void connectNow() {
        m_client->open();
        QTRY_VERIFY_WITH_TIMEOUT(m_client->isConnected(), patience);
    }

private Q_SLOTS:
    void init() {
        m_server = std::make_unique<ControlServer>();
        const QString path = m_folder.filePath(QStringLiteral("c.sock"));
        QVERIFY(m_server->listen(path, {}).ok());
        m_client = std::make_unique<ControlClient>(path, "The runtime manager");
    }
    void cleanup() {
        m_client.reset();
        m_server.reset();
    }

    void aStartCarriesEveryArgument() {
        RuntimedPort port(*m_client);
        connectNow();
        answer("cell.start", R"({"spec":"abc","started":true})");
        runtime::StartArgs args{"c0123456789ab", 3, "alice", "localhost/clawloops/openclaw:1", Secret("tok"), {{"starter", "Starter"}}, "starter",
                                {"https://h:8444"}, {1 << 30, 2, 512}, true};
        std::optional<Result<runtime::Started>> outcome;
        port.start(args, [&outcome](Result<runtime::Started> started) { outcome = std::move(started); });
        QTRY_VERIFY_WITH_TIMEOUT(outcome.has_value(), patience);
        QVERIFY(outcome->ok() && (*outcome)->started && (*outcome)->spec == "abc");
        auto read = runtime::parseStartArgs(m_asked);
        QVERIFY(read.ok());
        QCOMPARE(read->username, std::string("alice"));
        QCOMPARE(read->slot, 3);
        QVERIFY(read->token.reveal() == "tok");
        QVERIFY(read->smallPrompt);
    }

    void aListAndItsEventArrive() {
        RuntimedPort port(*m_client);
        QSignalSpy changed(&port, &RuntimePort::changed);
        QSignalSpy connected(&port, &RuntimePort::connected);
        connectNow();
        QCOMPARE(connected.count(), 1);
        runtime::Cell cell;
        cell.cellId = "c0123456789ab";
        cell.state = "exited";
        cell.exitCode = 78;
        const std::string reply = json::serialize(runtime::toJson(std::vector{cell}));
        answer("cell.list", reply.c_str());
        std::optional<Result<std::vector<runtime::Cell>>> outcome;
        port.list([&outcome](Result<std::vector<runtime::Cell>> cells) { outcome = std::move(cells); });
        QTRY_VERIFY_WITH_TIMEOUT(outcome.has_value(), patience);
        QVERIFY(outcome->ok() && (*outcome)->size() == 1 && (*outcome)->front().exitCode == 78);
        m_server->broadcast("cell", runtime::toJson(runtime::CellEvent{"c0123456789ab", "exited", 78}));
        QTRY_COMPARE_WITH_TIMEOUT(changed.count(), 1, patience);
    }

    void anAbsentRuntimeManagerIsUnavailable() {
        RuntimedPort port(*m_client);
        std::optional<Status> outcome;
        port.stop("c0123456789ab", [&outcome](Status status) { outcome = std::move(status); });
        QTRY_VERIFY_WITH_TIMEOUT(outcome.has_value(), patience);
        QCOMPARE(outcome->error().code, ErrorCode::Unavailable);
    }

    void usageIsReadAndAcknowledged() {
        GatewayPort port(*m_client);
        QSignalSpy appended(&port, &ModelPort::usageAppended);
        connectNow();
        gateway_verbs::UsageEvent event;
        event.seq = 7;
        event.requestId = "req_1";
        event.startedAt = "2026-11-22T17:20:12.345Z";
        event.outcome = "ok";
        const std::string reply = json::serialize(gateway_verbs::usageReply({event}, "spool-7"));
        answer("usage.read", reply.c_str());
        std::optional<Result<gateway_verbs::UsageReply>> events;
        port.readUsage(6, 100, [&events](Result<gateway_verbs::UsageReply> read) { events = std::move(read); });
        QTRY_VERIFY_WITH_TIMEOUT(events.has_value(), patience);
        QVERIFY2(events->ok(), events->ok() ? "" : events->error().message.c_str());
        QCOMPARE((*events)->spool, std::string("spool-7"));
        QCOMPARE((*events)->events.front().seq, 7);
        QCOMPARE(m_asked.at("after").as_int64(), 6);
        answer("usage.ack", "{}");
        std::optional<Status> acked;
        port.ackUsage(7, [&acked](Status status) { acked = std::move(status); });
        QTRY_VERIFY_WITH_TIMEOUT(acked.has_value(), patience);
        QVERIFY(acked->ok());
        m_server->broadcast("usage", {{"last", 8}});
        QTRY_COMPARE_WITH_TIMEOUT(appended.count(), 1, patience);
    }
};

QTEST_GUILESS_MAIN(TestOrchestratorPorts)
#include "tst_orchestrator_ports.moc"
