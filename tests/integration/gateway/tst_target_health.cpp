// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
// What the gateway thinks of a target: down, busy and a wrong key are told apart, a sick one is spared, and it comes back by itself.
#include "gateway_harness.h"

#include <QTest>

using namespace clawloops;
using namespace clawloops::test;

class TestTargetHealth : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init() {
        m_gateway = std::make_unique<GatewayHarness>();
        m_gateway->start();
    }
    void aTargetThatIsDownIsSparedAndSaidToBeDown() {
        m_gateway->configure({"unix:/nonexistent/model.sock"});
        QCOMPARE(state(0).at("state").as_string(), json::string("unknown"));
        int asked = 0;
        Answer answer;
        for (int i = 0; i < 10; ++i) {
            answer = m_gateway->ask("/v1/chat/completions", chatBody(false));
            asked += answer.status == 502 ? 1 : 0;
        }
        QCOMPARE(asked, 3); // then nobody is kept waiting for it
        QCOMPARE(answer.status, 503);
        QVERIFY(std::stoi(answer.fields.at("retry-after")) >= 1);
        QCOMPARE(state(0).at("state").as_string(), json::string("down"));
        QVERIFY(!state(0).at("sentence").as_string().empty() && !state(0).at("lastError").as_string().empty());
        QCOMPARE(m_gateway->control("refusals", {{"limit", 1}}).at("ok").at("refusals").as_array()[0].at("rule").as_string(), json::string("no_target_up"));
        QCOMPARE(int(m_gateway->usage().size()), 3); // what asked nobody is not booked
    }
    void itComesBackByOneProbe() {
        Upstream& up = m_gateway->upstream(QStringLiteral("up"), R"([{"status":500,"times":3},{}])");
        m_gateway->configure({up.url()});
        for (int i = 0; i < 3; ++i)
            QCOMPARE(m_gateway->ask("/v1/chat/completions", chatBody(false)).status, 500);
        QCOMPARE(m_gateway->ask("/v1/chat/completions", chatBody(false)).status, 503);
        QCOMPARE(int(up.journal("request").size()), 3);
        QVERIFY(waitUntil([&] { return m_gateway->ask("/v1/chat/completions", chatBody(false)).status == 200; }, std::chrono::seconds(10)));
        QCOMPARE(int(up.journal("request").size()), 4);
        QCOMPARE(state(0).at("state").as_string(), json::string("up"));
    }
    void aWrongKeyAndABusyServerAreToldFromDown() {
        Upstream& key = m_gateway->upstream(QStringLiteral("key"), R"([{"status":401}])");
        Upstream& busy = m_gateway->upstream(QStringLiteral("busy"), R"([{"status":429}])");
        Upstream& fine = m_gateway->upstream(QStringLiteral("fine"));
        m_gateway->configure({key.url(), busy.url(), fine.url()});
        for (int i = 0; i < 2; ++i)
            QCOMPARE(m_gateway->ask("/v1/chat/completions", chatBody(false)).status, 200);
        QCOMPARE(state(0).at("state").as_string(), json::string("wrong_key"));
        QCOMPARE(state(1).at("state").as_string(), json::string("busy"));
        QCOMPARE(state(2).at("state").as_string(), json::string("up"));
        // Neither was asked again.
        QCOMPARE(int(key.journal("request").size()), 1);
        QCOMPARE(int(busy.journal("request").size()), 1);
    }
    void aCrowdOfRetriesIsNotSentOnToTheNextTarget() {
        Upstream& next = m_gateway->upstream(QStringLiteral("next"));
        Upstream& broken = m_gateway->upstream(QStringLiteral("broken"), R"([{"status":408}])"); // says nothing of the target's health
        m_gateway->configure({broken.url(), next.url()});
        int sentOn = 0;
        for (int i = 0; i < 10; ++i)
            sentOn += m_gateway->ask("/v1/chat/completions", chatBody(false)).status == 200 ? 1 : 0;
        QCOMPARE(sentOn, 3); // a fifth of the requests, and three always
        QCOMPARE(int(next.journal("request").size()), 3);
    }
    void aCredentialTravelsWithTheRequestAndNowhereElse() {
        const std::string secret = "sk-canary-of-a-provider";
        Upstream& direct = m_gateway->upstream(QStringLiteral("direct"));
        Upstream& translated = m_gateway->upstream(QStringLiteral("translated"));
        auto configuration = m_gateway->configurationFor({direct.url()}, "m");
        configuration["routes"].as_array()[0].as_object()["targets"].as_array()[0].as_object()["credential"] = secret;
        m_gateway->configure(configuration);
        QCOMPARE(m_gateway->ask("/v1/chat/completions", chatBody(false)).status, 200);
        QCOMPARE(direct.journal("request").at(0).at("headers").at("Authorization").as_string(), json::string("Bearer " + secret));
        configuration = m_gateway->configurationFor({"litellm:" + translated.url()}, "claude");
        auto& target = configuration["routes"].as_array()[0].as_object()["targets"].as_array()[0].as_object();
        target["credential"] = secret;
        target["provider"] = "anthropic";
        target["price"] = json::object{{"in", 1}, {"cachedIn", nullptr}, {"out", 1}};
        m_gateway->configure(configuration);
        const Answer answer = m_gateway->ask("/v1/chat/completions", R"({"model":"m","messages":[],"api_key":"mine","api_base":"elsewhere"})");
        QCOMPARE(answer.status, 200);
        const auto seen = parseObject(std::string_view(translated.journal("request").at(0).at("body").as_string())).value();
        QCOMPARE(seen.at("api_key").as_string(), json::string(secret));
        QVERIFY(!seen.contains("api_base"));
        QCOMPARE(seen.at("model").as_string(), json::string("anthropic/claude"));
        QCOMPARE(translated.journal("request").at(0).at("headers").at("Authorization").as_string(), json::string(std::string("Bearer ") + GatewayHarness::liteLlmKey));
        QVERIFY(!m_gateway->log().contains(secret.c_str()));
    }

private:
    json::object state(std::size_t index) { return m_gateway->control("targets").at("ok").at("targets").as_array().at(index).as_object(); }
    std::unique_ptr<GatewayHarness> m_gateway;
};

QTEST_GUILESS_MAIN(TestTargetHealth)
#include "tst_target_health.moc"
