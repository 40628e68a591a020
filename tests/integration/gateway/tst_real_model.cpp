// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The real llama.cpp server with the starter model, directly and through the real LiteLLM. Both come from the components that
// CLAWLOOPS_COMPONENTS names; without them this test fails and says so.
#include "gateway_harness.h"

#include <QFileInfo>
#include <QTest>

using namespace clawloops;
using namespace clawloops::test;

namespace {

QString component(const char* name) {
    const QString folder = qEnvironmentVariable("CLAWLOOPS_COMPONENTS"); // tests/env sets it
    return folder + u'/' + QString::fromUtf8(name);
}

const std::string question = R"({"model":"m","messages":[{"role":"user","content":"Name three colours."}],"max_tokens":12,"temperature":0,"stream":true})";

std::string textOf(const std::string& body) { // the deltas' content, joined
    std::string text;
    for (const QByteArray& line : QByteArray::fromStdString(body).split('\n')) {
        const auto event = line.startsWith("data: {") ? parseObject(line.mid(6).trimmed().toStdString()) : Result<json::object>(json::object());
        const json::value* choices = event.ok() ? event->if_contains("choices") : nullptr;
        if (!choices || choices->as_array().empty())
            continue;
        const json::object& delta = choices->as_array()[0].at("delta").as_object();
        if (delta.contains("content") && delta.at("content").is_string())
            text += delta.at("content").as_string();
    }
    return text;
}

} // namespace

class TestRealModel : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() {
        for (const char* name : {"llama-server", "starter.gguf", "litellm-venv/bin/python"})
            QVERIFY2(QFileInfo::exists(component(name)), qPrintable(component(name) + QStringLiteral(" is not there: use tests/run, or eval \"$(tests/env)\" first")));
        m_gateway.start();
        m_starter = m_gateway.path("run/model/starter.sock");
        m_llama.setStandardErrorFile(m_gateway.path("llama.log"));
        m_llama.setStandardOutputFile(m_gateway.path("llama.out"));
        m_llama.start(component("llama-server"), {QStringLiteral("--host"), m_starter, QStringLiteral("--model"), component("starter.gguf"), QStringLiteral("--alias"),
                                                  QStringLiteral("starter"), QStringLiteral("-c"), QStringLiteral("4096"), QStringLiteral("--parallel"), QStringLiteral("1"),
                                                  QStringLiteral("--no-webui"), QStringLiteral("--offline"), QStringLiteral("--jinja")});
        QVERIFY(waitUntil([&] { return get(m_starter, "/health").starts_with("HTTP/1.1 200"); }, std::chrono::minutes(3)));
    }
    void cleanupTestCase() {
        for (QProcess* process : {&m_liteLlm, &m_llama}) {
            process->terminate();
            process->waitForFinished(15'000);
        }
    }
    void theStreamedTextAndItsUsageAreTheServers() {
        m_gateway.configure({"unix:" + m_starter.toStdString()}, "starter");
        check(1);
    }
    void theSameThroughLiteLlm() {
        const QString socket = m_gateway.path("run/model/litellm.sock");
        QFile config(m_gateway.path("litellm.yaml"));
        QVERIFY(config.open(QIODevice::WriteOnly));
        config.write("model_list:\n  - model_name: starter\n    litellm_params:\n      model: openai/starter\n      api_base: http://starter.internal/v1\n"
                     "      api_key: none\ngeneral_settings:\n  master_key: os.environ/LITELLM_MASTER_KEY\n  forward_client_headers_to_llm_api: true\n"
                     "litellm_settings:\n  telemetry: false\n  drop_params: true\n  num_retries: 0\n");
        config.close();
        m_liteLlm.setStandardErrorFile(m_gateway.path("litellm.err"));
        m_liteLlm.setStandardOutputFile(m_gateway.path("litellm.log"));
        m_liteLlm.start(component("litellm-venv/bin/python"), {QStringLiteral(SOURCE_DIR "/resources/litellm/serve.py"), QStringLiteral("--config"), config.fileName(),
                                                               QStringLiteral("--socket"), socket, QStringLiteral("--starter-socket"), m_starter,
                                                               QStringLiteral("--master-key-file"), m_gateway.path("litellm.key")});
        QVERIFY(waitUntil([&] { return get(socket, "/health/liveliness").starts_with("HTTP/1.1 200"); }, std::chrono::minutes(4)));
        // Its own pages are not there, with the master key either.
        for (const char* path : {"/ui/", "/routes", "/openapi.json", "/public/model_hub", "/sso/key/generate", "/key/generate", "/model/info",
                                 "/config/yaml", "/mcp/", "/health", "/v1/models/../../ui/"})
            QVERIFY2(get(socket, path).starts_with("HTTP/1.1 404"), path);
        QCOMPARE(int(QFile::permissions(socket)), int(QFile::ReadOwner | QFile::WriteOwner | QFile::ReadUser | QFile::WriteUser));
        m_gateway.configure({"litellm:"}, "starter");
        const std::string rid = check(2);
        QVERIFY(waitUntil([&] {
            QFile log(m_gateway.path("litellm.log"));
            return log.open(QIODevice::ReadOnly) && log.readAll().contains("\"rid\": \"" + QByteArray::fromStdString(rid) + '"');
        }));
    }

private:
    static std::string get(const QString& socket, const char* path) {
        auto client = RawClient::local(socket.toStdString());
        if (!client.connected())
            return {};
        client.send("GET " + std::string(path) + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAuthorization: Bearer " + GatewayHarness::liteLlmKey + "\r\n\r\n");
        return client.receive("\r\n\r\n", std::chrono::seconds(10));
    }
    std::string check(std::size_t rows) {
        auto client = RawClient::local(m_gateway.socketOf(GatewayHarness::cellA));
        client.send(GatewayHarness::post("/v1/chat/completions", question));
        const Answer answer = parseAnswer(client.receive({}, std::chrono::minutes(2)));
        const auto events = m_gateway.waitForUsage(rows);
        [&] {
            QCOMPARE(answer.status, 200);
            QVERIFY(answer.whole);
            QVERIFY2(textOf(answer.body).size() > 5, answer.body.c_str());
            QCOMPARE(events.size(), rows);
            const json::object& event = events.back();
            const std::size_t at = answer.body.find("\"usage\":{");
            QVERIFY(at != std::string::npos);
            const QByteArray usage = QByteArray::fromStdString(answer.body.substr(at));
            QVERIFY(usage.contains("\"prompt_tokens\":" + QByteArray::number(qint64(event.at("promptTokens").as_int64()))));
            QVERIFY(usage.contains("\"completion_tokens\":" + QByteArray::number(qint64(event.at("completionTokens").as_int64()))));
            QVERIFY(event.at("completionTokens").as_int64() >= 5);
            QVERIFY(!event.at("estimated").as_bool());
            QVERIFY(!event.at("upstreamId").as_string().empty());
        }();
        return answer.fields.count("x-request-id") ? answer.fields.at("x-request-id") : std::string();
    }
    GatewayHarness m_gateway;
    QString m_starter;
    QProcess m_llama;
    QProcess m_liteLlm;
};

QTEST_GUILESS_MAIN(TestRealModel)
#include "tst_real_model.moc"
