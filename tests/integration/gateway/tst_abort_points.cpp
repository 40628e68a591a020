// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Clients that leave at any moment: what is booked is what the model server reported, or is marked as an estimate, and budgets hold
// exactly the sum of it.
#include "gateway_harness.h"

#include "base/digest.h"

#include <QDir>
#include <QTest>
#include <algorithm>
#include <random>
#include <set>

using namespace clawloops;
using namespace clawloops::test;

namespace {

constexpr int cells = 20;
constexpr int requests = 2000; // 100 a cell: within the burst of each
constexpr std::int64_t prompt = 11;
constexpr std::int64_t completion = 4;
constexpr std::int64_t ofAToken = 1000; // nano-units

std::string cellId(int number) {
    return "c" + QStringLiteral("%1").arg(number, 12, 10, QLatin1Char('0')).toStdString();
}

json::object configured(const GatewayHarness& gateway, const std::string& url) {
    json::object configuration = gateway.configurationFor({url}, "scripted");
    json::array all;
    for (int i = 0; i < cells; ++i)
        all.push_back(json::object{{"cellId", cellId(i)}, {"user", "usr_a"}, {"tokenHash", toHex(sha256(GatewayHarness::tokenA))}, {"routes", json::array{"m"}}});
    configuration["cells"] = std::move(all);
    const std::int64_t price = ofAToken * 1'000'000;
    configuration["routes"].as_array()[0].as_object()["targets"].as_array()[0].as_object()["price"] =
        json::object{{"in", price}, {"cachedIn", price}, {"out", price}};
    configuration["budgets"] = json::array{json::object{
        {"id", "bud_test"}, {"name", "All"}, {"scope", "all"}, {"unit", "money"}, {"window", "month"}, {"limit", std::int64_t(1) << 60}}};
    return configuration;
}

std::pair<std::int64_t, std::int64_t> spentAndReserved(GatewayHarness& gateway) {
    const json::object state = gateway.control("budgets").at("ok").as_object().at("budgets").as_array().at(0).as_object();
    return {state.at("spent").as_int64(), state.at("reserved").as_int64()};
}

std::vector<json::object> everything(GatewayHarness& gateway) {
    std::vector<json::object> all;
    while (true) {
        const auto some = gateway.usage(static_cast<std::int64_t>(all.size()));
        if (some.empty())
            return all;
        all.insert(all.end(), some.begin(), some.end());
    }
}

} // namespace

class TestAbortPoints : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void whatIsBookedIsWhatWasReportedOrIsMarked() {
        GatewayHarness gateway;
        for (int i = 0; i < cells; ++i)
            QDir().mkpath(gateway.path(("cells/" + cellId(i) + "/out").c_str()));
        gateway.start();
        Upstream& up = gateway.upstream(QStringLiteral("up"), R"([{"text":"one two three four","prompt":11,"completion":4,"gap":0.001}])");
        const json::object configuration = configured(gateway, up.url());
        QVERIFY(gateway.configure(configuration).contains("ok"));

        std::mt19937 random(4); // the same points each time, as far as the machine lets them be
        int whole = 0;
        for (int i = 0; i < requests; i += cells) {
            std::vector<RawClient> clients;
            for (int cell = 0; cell < cells; ++cell) {
                const std::string text = GatewayHarness::post("/v1/chat/completions", chatBody(random() % 2 == 0));
                clients.push_back(RawClient::local(gateway.socketOf(cellId(cell).c_str())));
                const bool half = random() % 8 == 0; // before all of it came in
                clients.back().send(std::string_view(text).substr(0, half ? random() % text.size() : text.size()));
            }
            std::shuffle(clients.begin(), clients.end(), random);
            for (RawClient& client : clients) {
                if (random() % 4 == 0) {
                    whole += parseAnswer(client.receive({}, std::chrono::milliseconds(200))).whole ? 1 : 0;
                } else {
                    QTest::qSleep(1 + static_cast<int>(random() % 3));
                }
                client.close();
            }
        }
        QVERIFY(waitUntil([&] { return spentAndReserved(gateway).second == 0 && up.journal("request").size() == up.journal("end").size(); }));
        const auto events = everything(gateway);

        std::set<std::string> ids;
        std::int64_t sum = 0;
        int exact = 0;
        int estimated = 0;
        for (const json::object& event : events) {
            QVERIFY(ids.insert(std::string(event.at("requestId").as_string())).second);
            const std::int64_t tokens = event.at("promptTokens").as_int64() + event.at("completionTokens").as_int64();
            QCOMPARE(event.at("costNanos").as_int64(), tokens * ofAToken);
            sum += event.at("costNanos").as_int64();
            if (event.at("estimated").as_bool()) {
                QCOMPARE(event.at("outcome").as_string(), json::string("client_gone"));
                ++estimated;
                continue;
            }
            QCOMPARE(event.at("promptTokens").as_int64(), prompt);
            QCOMPARE(event.at("completionTokens").as_int64(), completion);
            ++exact;
        }
        qInfo("%d whole, %d booked as reported, %d estimated, of %d", whole, exact, estimated, requests);
        QVERIFY(exact >= whole && whole > 0 && estimated > 0);
        QVERIFY(events.size() >= up.journal("request").size()); // nothing was asked without being booked
        QCOMPARE(spentAndReserved(gateway), std::pair(sum, std::int64_t(0)));

        gateway.kill();
        gateway.start();
        QVERIFY(gateway.configure(configuration).contains("ok"));
        QCOMPARE(everything(gateway).size(), events.size()); // nothing was under way any more
        QCOMPARE(spentAndReserved(gateway), std::pair(sum, std::int64_t(0)));
    }
};

QTEST_GUILESS_MAIN(TestAbortPoints)
#include "tst_abort_points.moc"
