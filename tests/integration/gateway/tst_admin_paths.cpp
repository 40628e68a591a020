// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Threat rows 11, 13 and 30: nothing of a model server's or of LiteLLM's own pages and management can be reached from a cell.
#include "gateway_harness.h"

#include <QTest>

using namespace clawloops;
using namespace clawloops::test;

class TestAdminPaths : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() {
        m_gateway.start();
        Upstream& up = m_gateway.upstream(QStringLiteral("up"));
        m_gateway.configure({"litellm:" + up.url(), up.url()});
    }
    void everyOtherPathIsNotThereAndReachesNobody_data() {
        QTest::addColumn<QByteArray>("target");
        for (const char* target :
             {"/", "/ui/", "/ui", "/routes", "/openapi.json", "/docs", "/redoc", "/public/model_hub", "/sso/key/generate", "/key/generate",
              "/key/info", "/user/new", "/team/new", "/model/new", "/model/info", "/v1/model/info", "/config/update", "/config/yaml",
              "/get/config/callbacks", "/global/spend", "/spend/logs", "/health", "/health/liveliness", "/metrics", "/mcp", "/mcp/",
              "/mcp-rest/test/connection", "/v1/mcp/server", "/sse", "/credentials", "/files", "/v1/files", "/v1/batches",
              "/v1/fine_tuning/jobs", "/v1/assistants", "/v1/threads", "/v1/audio/speech", "/v1/images/generations", "/v1/rerank",
              "/v1/responses/resp_1", "/v1/models/m", "/v1/chat/completions/x", "/v1/messages/batches", "/engines/m/chat/completions",
              "/openai/deployments/m/chat/completions", "/chat/completions", "/anthropic/v1/messages", "/vertex_ai/x", "/bedrock/x",
              "/api/tags", "/api/pull", "/api/delete", "/api/create", "/api/chat", "/api/generate", "/props", "/slots", "/slots/0?action=save",
              "/lora-adapters", "/completion", "/tokenize", "/infill", "/load_lora_adapter", "/v1/load_lora_adapter", "/sleep", "/reset_prefix_cache",
              "//v1/chat/completions", "/v1//chat/completions", "/v1/chat/completions/", "/v1/chat/completions/../../../ui/", "/v1/%63hat/completions",
              "/v1/chat/completions%2f..%2f..%2fui", "/V1/CHAT/COMPLETIONS", "/v1/chat/completions;x", "/v1\\chat\\completions",
              "http://localhost/ui/", "http://169.254.169.254/latest/meta-data/"})
            QTest::newRow(target) << QByteArray(target);
    }
    void everyOtherPathIsNotThereAndReachesNobody() {
        QFETCH(QByteArray, target);
        for (const char* method : {"POST", "GET", "DELETE"}) {
            const bool second = method[0] == 'G'; // one cell alone would be told that it is too fast
            auto client = RawClient::local(m_gateway.socketOf(second ? GatewayHarness::cellB : GatewayHarness::cellA));
            std::string request = GatewayHarness::post(target.toStdString(), chatBody(false), second ? GatewayHarness::tokenB : GatewayHarness::tokenA);
            client.send(method + request.substr(4));
            const Answer answer = parseAnswer(client.receive({}));
            QVERIFY2(answer.status == 404 || answer.status == 400, std::to_string(answer.status).c_str());
        }
        QCOMPARE(m_gateway.upstream(QStringLiteral("up")).journal("request").size(), std::size_t(0));
    }
    void theRightPathsWithAnotherMethodReachNobody() {
        for (const char* path : {"/v1/chat/completions", "/v1/messages", "/v1/responses"}) {
            for (const char* method : {"GET", "PUT", "DELETE", "OPTIONS", "PATCH"}) {
                auto client = RawClient::local(m_gateway.socketOf(GatewayHarness::cellA));
                client.send(method + GatewayHarness::post(path, chatBody(false)).substr(4));
                QCOMPARE(parseAnswer(client.receive({})).status, 405);
            }
        }
        QCOMPARE(m_gateway.upstream(QStringLiteral("up")).journal("request").size(), std::size_t(0));
    }
    void theModelListIsOurOwn() {
        auto client = RawClient::local(m_gateway.socketOf(GatewayHarness::cellA));
        client.send("GET /v1/models HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer " + std::string(GatewayHarness::tokenA) + "\r\n\r\n");
        const json::object list = parseAnswer(client.receive({})).json();
        QCOMPARE(list.at("data").as_array().size(), std::size_t(1));
        QVERIFY(list.at("data").as_array()[0].at("id").as_string() == "m");
        QCOMPARE(m_gateway.upstream(QStringLiteral("up")).journal("request").size(), std::size_t(0));
    }

private:
    GatewayHarness m_gateway;
};

QTEST_GUILESS_MAIN(TestAdminPaths)
#include "tst_admin_paths.moc"
