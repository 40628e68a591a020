// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/json.h"
#include "model/dialect.h"
#include "model/usage_counts.h"

#include <QTest>

using namespace clawloops;
using namespace clawloops::model;

class TestDialect : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void onlyTheSixPathsAreEndpoints() {
        for (const Endpoint endpoint : {Endpoint::Models, Endpoint::ChatCompletions, Endpoint::Completions, Endpoint::Embeddings,
                                        Endpoint::Responses, Endpoint::Messages})
            QVERIFY(endpointOf(pathOf(endpoint)) == endpoint);
        for (const char* path : {"/", "/v1", "/v1/", "/v1/models/", "/v1/models/x", "//v1/models", "/V1/models", "/v1/chat",
                                 "/v1/messages/count_tokens", "/v1/%6dodels", "/v1/models/../x"})
            QVERIFY2(!endpointOf(path), path);
    }
    void everyRefusalHasTheShapeOfBothDialects() {
        for (int i = 0; i <= static_cast<int>(Refusal::Busy); ++i) {
            const auto refusal = static_cast<Refusal>(i);
            QVERIFY(statusOf(refusal) >= 400 && statusOf(refusal) < 600);
            const auto openAi = parseObject(errorBody(Dialect::OpenAi, refusal, "It \"broke\"\n."));
            QVERIFY(openAi.ok());
            QVERIFY(openAi->at("error").at("message").as_string() == "It \"broke\"\n.");
            QVERIFY(openAi->at("error").at("type").is_string() && openAi->at("error").at("code").is_string());
            const auto anthropic = parseObject(errorBody(Dialect::Anthropic, refusal, "x"));
            QVERIFY(anthropic.ok());
            QVERIFY(anthropic->at("type").as_string() == "error");
            QVERIFY(anthropic->at("error").at("type").is_string());
        }
    }
    void whatGovernanceRefusesHasTheProvidersOwnWords_data() {
        QTest::addColumn<int>("refusal");
        QTest::addColumn<int>("status");
        QTest::addColumn<QString>("openAi");
        QTest::addColumn<QString>("anthropic");
        const auto row = [](const char* name, Refusal refusal, int status, const char* openAi, const char* anthropic) {
            QTest::newRow(name) << static_cast<int>(refusal) << status << openAi << anthropic;
        };
        row("limit", Refusal::TooMany, 429, "rate_limit_exceeded", "rate_limit_error");
        row("budget", Refusal::BudgetSpent, 429, "insufficient_quota", "rate_limit_error");
        row("queue", Refusal::QueueFull, 429, "queue_full", "rate_limit_error");
        row("frozen", Refusal::NotAllowed, 403, "permission_denied", "permission_error");
        row("price", Refusal::UnknownPrice, 403, "unknown_price", "permission_error");
    }
    void whatGovernanceRefusesHasTheProvidersOwnWords() {
        QFETCH(int, refusal);
        QFETCH(int, status);
        QFETCH(QString, openAi);
        QFETCH(QString, anthropic);
        const auto which = static_cast<Refusal>(refusal);
        QCOMPARE(statusOf(which), status);
        const auto one = parseObject(errorBody(Dialect::OpenAi, which, "x"));
        QCOMPARE(std::string(one->at("error").at("code").as_string()), openAi.toStdString());
        const auto other = parseObject(errorBody(Dialect::Anthropic, which, "x"));
        QCOMPARE(std::string(other->at("error").at("type").as_string()), anthropic.toStdString());
    }
    void anErrorEventEndsAHalfSentOneFirst() {
        for (const Endpoint endpoint : {Endpoint::ChatCompletions, Endpoint::Responses, Endpoint::Messages}) {
            const std::string event = errorEvent(endpoint, Refusal::UpstreamFailed, "Gone.");
            QVERIFY(event.starts_with("\n\n") && event.ends_with("\n\n"));
            QVERIFY(event.find("Gone.") != std::string::npos);
            QVERIFY(event.find("[DONE]") == std::string::npos && event.find("message_stop") == std::string::npos);
        }
    }
    void aGuessIsFlaggedAsOne() {
        const UsageCounts counts = estimateUsage(400, 7, 1000);
        QVERIFY(counts.estimated);
        QCOMPARE(counts.prompt, 100);
        QCOMPARE(counts.completion, 7);
        QCOMPARE(estimateUsage(0, 0, 1000).completion, 250);
    }
};

QTEST_GUILESS_MAIN(TestDialect)
#include "tst_dialect.moc"
