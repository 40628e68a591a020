// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Budgets hold whatever the order of requests: many at once on the last cent, a kill in between, amounts that nobody limits.
#include "gateway_harness.h"

#include "base/digest.h"

#include <QDir>
#include <QTest>

using namespace clawloops;
using namespace clawloops::test;

namespace {

constexpr int cells = 20;
constexpr int requestsOfACell = 10;
constexpr std::int64_t limit = 1'000'000; // nano-units
constexpr std::int64_t perMillion = 1'000'000'000; // so that a token costs 1000

std::string cellId(int number) {
    return "c" + QStringLiteral("%1").arg(number, 12, 10, QLatin1Char('0')).toStdString();
}

json::object budget(std::int64_t most, const char* unit = "money") {
    return {{"id", "bud_test"}, {"name", "All"}, {"scope", "all"}, {"unit", unit}, {"window", "month"}, {"limit", most}};
}

} // namespace

class TestBudgetRace : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void nothingIsSpentBeyondTheBudgetByManyAtOnceNorOverAKill() {
        GatewayHarness gateway;
        for (int i = 0; i < cells; ++i)
            QDir().mkpath(gateway.path(("cells/" + cellId(i) + "/out").c_str()));
        gateway.start();
        Upstream& up = gateway.upstream(QStringLiteral("up"), R"([{"delay":0.2,"prompt":11,"completion":5}])");
        const json::object configuration = configured(gateway, up.url(), limit);
        QVERIFY(gateway.configure(configuration).contains("ok"));
        std::vector<RawClient> clients;
        for (int i = 0; i < cells * requestsOfACell; ++i) {
            clients.push_back(RawClient::local(gateway.socketOf(cellId(i % cells).c_str())));
            clients.back().send(GatewayHarness::post("/v1/chat/completions", chatBody(false)));
        }
        int let = 0;
        int refused = 0;
        for (RawClient& client : clients) {
            const Answer answer = parseAnswer(client.receive({}));
            if (answer.status == 200) {
                ++let;
                QCOMPARE(QByteArray::fromStdString(answer.fields.at("x-clawloops-budget")), QByteArray("bud_test"));
            } else {
                QCOMPARE(answer.status, 429);
                QCOMPARE(answer.json().at("error").at("code").as_string(), json::string("insufficient_quota"));
                ++refused;
            }
        }
        QVERIFY(let > 0 && refused > 0);
        const std::int64_t spent = sumOf(gateway.waitForUsage(static_cast<std::size_t>(let)));
        QCOMPARE(spent, let * 16'000); // 16 tokens each, as reported
        QVERIFY(spent <= limit);
        QCOMPARE(spentOf(gateway), std::pair(spent, std::int64_t(0))); // and nothing stays reserved
        QCOMPARE(int(up.journal("request").size()), let); // what was refused asked nobody

        // Until it is truly used up.
        for (int i = 0; i < 200 && gateway.ask("/v1/chat/completions", chatBody(false), cellId(i % cells).c_str()).status == 200; ++i) {
        }
        const std::int64_t before = spentOf(gateway).first;
        QVERIFY(before <= limit && before > spent);
        // None of it is in a database: the spool alone remembers it over a kill.
        gateway.kill();
        gateway.start();
        QVERIFY(gateway.configure(configuration).contains("ok"));
        QCOMPARE(spentOf(gateway).first, before);
        QCOMPARE(gateway.ask("/v1/chat/completions", chatBody(false), cellId(0).c_str()).status, 429);
        // With all of it in the baseline the events do not count again.
        json::object later = configuration;
        const json::object read = gateway.control("usage.read", {{"after", 0}, {"limit", 1000}}).at("ok").as_object();
        later["baseline"] = json::object{{"spool", read.at("spool")}, {"seq", read.at("events").as_array().back().at("seq")}};
        later["budgets"].as_array()[0].as_object()["spent"] = before;
        QVERIFY(gateway.configure(later).contains("ok"));
        QCOMPARE(spentOf(gateway).first, before);
    }
    void whatAnUpstreamReportsBeyondTheReservationIsBookedAndEndsIt() {
        GatewayHarness gateway;
        gateway.start();
        Upstream& up = gateway.upstream(QStringLiteral("up"), R"([{"prompt":11,"completion":5000}])");
        auto configuration = gateway.configurationFor({up.url()}, "m");
        configuration["routes"].as_array()[0].as_object()["outputTokens"] = 10;
        configuration["budgets"] = json::array{budget(1000, "tokens")};
        gateway.configure(configuration);
        QCOMPARE(gateway.ask("/v1/chat/completions", chatBody(false)).status, 200);
        const auto event = gateway.waitForUsage(1).front();
        QCOMPARE(event.at("completionTokens").as_int64(), std::int64_t(5000));
        QVERIFY(event.at("reservedTokens").as_int64() < 5000);
        QCOMPARE(spentOf(gateway).first, std::int64_t(5011));
        const Answer answer = gateway.ask("/v1/messages", chatBody(false));
        QCOMPARE(answer.status, 429);
        QCOMPARE(answer.json().at("error").at("type").as_string(), json::string("rate_limit_error"));
    }
    void anAnswerIsLimitedToWhatWasReserved() {
        GatewayHarness gateway;
        gateway.start();
        Upstream& up = gateway.upstream(QStringLiteral("up"));
        auto configuration = gateway.configurationFor({up.url()}, "m");
        configuration["budgets"] = json::array{budget(1'000'000, "tokens")};
        configuration["routes"].as_array()[0].as_object()["outputTokens"] = 300;
        gateway.configure(configuration);
        gateway.ask("/v1/chat/completions", chatBody(false));
        gateway.ask("/v1/chat/completions", R"({"model":"m","messages":[],"max_completion_tokens":999999})");
        gateway.ask("/v1/chat/completions", R"({"model":"m","messages":[],"max_tokens":7})");
        gateway.ask("/v1/messages", R"({"model":"m","messages":[],"max_tokens":4000})");
        gateway.ask("/v1/responses", R"({"model":"m","input":"x"})");
        std::vector<std::string> limits;
        for (const json::object& entry : up.journal("request")) {
            const auto body = parseObject(std::string_view(entry.at("body").as_string())).value();
            for (const char* name : {"max_tokens", "max_completion_tokens", "max_output_tokens"}) {
                if (body.contains(name))
                    limits.push_back(std::string(name) + "=" + json::serialize(body.at(name)));
            }
        }
        QCOMPARE(limits, (std::vector<std::string>{"max_tokens=300", "max_completion_tokens=300", "max_tokens=7", "max_tokens=300", "max_output_tokens=300"}));
    }
    void anUnknownPriceIsRefusedWithTheWayToSetIt() {
        GatewayHarness gateway;
        gateway.start();
        auto configuration = gateway.configurationFor({"http://models.invalid/v1"}, "m"); // not this machine, and no price
        gateway.configure(configuration);
        const Answer answer = gateway.ask("/v1/chat/completions", chatBody(false));
        QCOMPARE(answer.status, 403);
        QCOMPARE(answer.json().at("error").at("code").as_string(), json::string("unknown_price"));
        const json::array refusals = gateway.control("refusals", {{"user", "usr_a"}}).at("ok").at("refusals").as_array();
        QCOMPARE(refusals.size(), std::size_t(1));
        QCOMPARE(refusals[0].at("rule").as_string(), json::string("unknown_price"));
        QVERIFY(!refusals[0].at("change").as_string().empty());
        QCOMPARE(QByteArray(refusals[0].at("requestId").as_string().c_str()), QByteArray::fromStdString(answer.fields.at("x-request-id")));
    }

private:
    static json::object configured(GatewayHarness& gateway, const std::string& url, std::int64_t most) {
        auto configuration = gateway.configurationFor({url}, "m");
        json::array all;
        for (int i = 0; i < cells; ++i)
            all.push_back(json::object{{"cellId", cellId(i)}, {"user", "usr_a"}, {"tokenHash", toHex(sha256(GatewayHarness::tokenA))}, {"routes", json::array{"m"}}});
        configuration["cells"] = std::move(all);
        auto& route = configuration["routes"].as_array()[0].as_object();
        route["outputTokens"] = 10;
        route["targets"].as_array()[0].as_object()["price"] = json::object{{"in", perMillion}, {"cachedIn", nullptr}, {"out", perMillion}};
        configuration["budgets"] = json::array{budget(most)};
        return configuration;
    }
    static std::int64_t sumOf(const std::vector<json::object>& events) {
        std::int64_t sum = 0;
        for (const json::object& event : events)
            sum += event.at("costNanos").as_int64();
        return sum;
    }
    static std::pair<std::int64_t, std::int64_t> spentOf(GatewayHarness& gateway) {
        const json::object one = gateway.control("budgets").at("ok").at("budgets").as_array().at(0).as_object();
        return {one.at("spent").as_int64(), one.at("reserved").as_int64()};
    }
};

QTEST_GUILESS_MAIN(TestBudgetRace)
#include "tst_budget_race.moc"
