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
