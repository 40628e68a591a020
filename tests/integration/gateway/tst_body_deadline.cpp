// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The gateway within the test's own process, so that a minute's deadline can be a short one.
#include "gateway/gateway.h"
#include "gateway_harness.h"
#include "io_thread.h"

#include <QTest>
#include <unistd.h>

using namespace clawloops;
using namespace clawloops::test;

class TestBodyDeadline : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init() {
        m_files = std::make_unique<GatewayHarness>();
        m_loop = std::make_unique<IoThread>();
        gateway::GatewayConfig config;
        config.data = m_files->path("").toStdString();
        config.run = m_files->path("run").toStdString();
        config.tls = {m_files->path("server.crt").toStdString(), m_files->path("server.key").toStdString(), m_files->path("client-ca.crt").toStdString()};
        config.controlUid = ::getuid();
        config.limits.bodyDeadline = std::chrono::milliseconds(500);
        m_loop->run([&] { m_gateway = std::move(gateway::Gateway::start(m_loop->io(), m_clock, config).value()); });
        m_files->configure({"unix:/nowhere"});
    }
    void cleanup() {
        m_loop->run([&] { m_gateway->stop([] {}); });
        m_loop->finish();
        m_gateway.reset();
    }
    void aClientThatKeepsSendingGetsAnAnswer() {
        auto client = begin();
        std::string answer;
        // Lively all the time: no single piece takes long.
        const bool ended = waitUntil([&] {
            client.send("1\r\n \r\n");
            answer += client.receive("}}", std::chrono::milliseconds(20));
            return client.sawEnd() || answer.find("}}") != std::string::npos;
        });
        QVERIFY(ended);
        QVERIFY2(answer.empty() || answer.starts_with("HTTP/1.1 408"), answer.c_str()); // empty: this machine paused for a second
    }
    void aClientThatFallsSilentIsClosed() {
        auto client = begin();
        QVERIFY(client.receive().find("200") == std::string::npos);
        QVERIFY(client.sawEnd());
    }
    void oneInTimeIsServed() {
        auto client = RawClient::local(m_files->socketOf(GatewayHarness::cellA));
        client.send(GatewayHarness::post("/v1/chat/completions", chatBody(false)));
        QVERIFY(client.receive().starts_with("HTTP/1.1 502")); // nobody is behind the route
    }

private:
    RawClient begin() {
        auto client = RawClient::local(m_files->socketOf(GatewayHarness::cellA));
        client.send("POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + std::string(GatewayHarness::tokenA) +
                    "\r\nTransfer-Encoding: chunked\r\n\r\n");
        return client;
    }
    const SystemClock m_clock;
    std::unique_ptr<GatewayHarness> m_files;
    std::unique_ptr<IoThread> m_loop;
    std::unique_ptr<gateway::Gateway> m_gateway;
};

QTEST_GUILESS_MAIN(TestBodyDeadline)
#include "tst_body_deadline.moc"
