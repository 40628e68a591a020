// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "doubles.h"
#include "orchestrator/model_routes.h"
#include "orchestrator/usage_summaries.h"
#include "support/open_database.h"

#include <QSignalSpy>
#include <QTest>

#include <algorithm>
#include <limits>

using namespace clawloops;
using namespace clawloops::orchestrator;
using clawloops::test::await;

namespace {
constexpr int patience = 60'000;
}

class TestModelRoutes : public QObject {
    Q_OBJECT

    test::ThrowawayPostgres m_postgres;
    std::unique_ptr<store::Database> m_database;
    std::unique_ptr<test::ObedientGateway> m_gateway;
    EventHub m_hub;
    SystemClock m_clock;
    std::unique_ptr<ModelRoutes> m_routes;

    Result<wire::Route> change(const wire::Route& route) {
        return await<wire::Route>([&](auto done) { m_routes->change(route, store::systemActor(), this, done); });
    }
    static gateway_verbs::UsageEvent event(std::int64_t seq, const char* user = "usr_alice", const char* outcome = "ok") {
        gateway_verbs::UsageEvent one;
        one.seq = seq;
        one.requestId = "req_" + std::to_string(seq);
        one.cellId = "c0";
        one.userId = user;
        one.route = "starter";
        one.promptTokens = 100;
        one.completionTokens = 7;
        one.startedAt = toRfc3339(std::chrono::system_clock::now() - std::chrono::seconds(1));
        one.outcome = outcome;
        return one;
    }

private Q_SLOTS:
    void init() {
        QVERIFY2(m_postgres.ok(), qPrintable(m_postgres.problem()));
        m_database = test::openFresh(m_postgres);
        QVERIFY(m_database);
        m_gateway = std::make_unique<test::ObedientGateway>();
        m_routes = std::make_unique<ModelRoutes>(*m_database, *m_gateway, m_hub, m_clock,
                                                 ModelRoutes::ComponentUrls{{"starter", "unix:/run/starter.sock"}, {"litellm", "unix:/run/litellm.sock"}});
        m_routes->start();
        QTRY_COMPARE_WITH_TIMEOUT(m_gateway->configured, 1, patience);
    }
    void cleanup() {
        m_routes.reset();
        m_gateway.reset();
        m_database.reset();
    }

    void theFirstStartHasBothRoutesWithTheirSockets() {
        const auto& routes = m_gateway->last.routes;
        QCOMPARE(routes.size(), std::size_t(2));
        QCOMPARE(routes[0].name, std::string("starter"));
        QCOMPARE(routes[0].targets.at(0).kind, std::string("openai"));
        QCOMPARE(routes[0].targets.at(0).url, std::string("unix:/run/starter.sock"));
        QCOMPARE(routes[1].name, std::string("starter-litellm"));
        QCOMPARE(routes[1].targets.at(0).kind, std::string("litellm"));
        QCOMPARE(routes[1].targets.at(0).url, std::string("unix:/run/litellm.sock"));
        QCOMPARE(m_postgres.sql(QStringLiteral("SELECT targets->0->>'url' FROM routes WHERE name = 'starter'")), QStringLiteral("component:starter"));
    }

    void aChangeReachesTheGatewayTheJournalAndTheStream() {
        QSignalSpy changed(&m_hub, &EventHub::changed);
        const std::int64_t before = m_gateway->last.revision;
        wire::Route route = m_routes->routes().front();
        route.enabled = false;
        QVERIFY(change(route).ok());
        QTRY_VERIFY_WITH_TIMEOUT(m_gateway->last.revision > before, patience);
        QVERIFY(!m_gateway->last.routes[0].enabled);
        QCOMPARE(m_routes->enabledModels().size(), std::size_t(1));
        QCOMPARE(changed.front().front().value<Change>().id, std::string("starter"));
        QCOMPARE(m_postgres.sql(QStringLiteral("SELECT subject FROM audit_log WHERE action = 'route.change'")), QStringLiteral("starter"));
    }

    void whatIsNoRouteIsRefused() {
        wire::Route route = m_routes->routes().front();
        const auto with = [&route](const std::function<void(wire::Route&)>& edit) {
            wire::Route edited = route;
            edit(edited);
            return edited;
        };
        QCOMPARE(change(with([](auto& r) { r.modelId = "other"; })).error().code, ErrorCode::ModelNotFound);
        QCOMPARE(change(with([](auto& r) { r.targets.clear(); })).error().code, ErrorCode::InvalidRequest);
        QCOMPARE(change(with([](auto& r) { r.targets[0].kind = "magic"; })).error().code, ErrorCode::InvalidRequest);
        QCOMPARE(change(with([](auto& r) { r.targets[0].url = "component:none"; })).error().code, ErrorCode::InvalidRequest);
        QCOMPARE(change(with([](auto& r) { r.targets[0].url = "file:///etc/passwd"; })).error().code, ErrorCode::InvalidRequest);
        QCOMPARE(change(with([](auto& r) { r.targets[0].url = "https://user:key@host/"; })).error().code, ErrorCode::InvalidRequest);
    }

    void aGatewayThatComesBackIsConfiguredWhole() {
        const int before = m_gateway->configured;
        Q_EMIT m_gateway->connected();
        QTRY_VERIFY_WITH_TIMEOUT(m_gateway->configured > before, patience);
        QCOMPARE(m_gateway->last.routes.size(), std::size_t(2));
    }

    void usageIsStoredExactlyOnceHoweverOftenItIsRead() {
        m_gateway->spool = {event(1), event(2), event(3, "usr_bob", "upstream_error")};
        QSignalSpy changed(&m_hub, &EventHub::changed);
        UsagePump pump(*m_database, *m_gateway, m_hub);
        pump.start();
        QTRY_COMPARE_WITH_TIMEOUT(m_gateway->acked, 3, patience);
        QCOMPARE(changed.count(), 2); // one for each user
        // The acknowledgement was lost: all come again, and one more.
        m_gateway->spool.push_back(event(4));
        Q_EMIT m_gateway->connected();
        QTRY_COMPARE_WITH_TIMEOUT(m_gateway->acked, 4, patience);
        QCOMPARE(m_postgres.sql(QStringLiteral("SELECT count(*) || ' ' || sum(completion_tokens) FROM usage_events")), QStringLiteral("4 28"));
    }

    // However many rows the month has, and however often somebody asks.
    void whoAsksInALoopSharesASum() {
        m_gateway->spool = {event(1)};
        UsagePump pump(*m_database, *m_gateway, m_hub);
        pump.start();
        QTRY_COMPARE_WITH_TIMEOUT(m_gateway->acked, 1, patience);
        ManualClock clock(std::chrono::system_clock::now());
        UsageSummaries sums(*m_database, clock);
        std::vector<std::int64_t> seen;
        const auto note = [&seen](const Result<wire::UsageSummary>& sum) { seen.push_back(sum ? sum->total.requests : -1); };
        sums.of("", this, note);
        sums.of("", this, note);
        sums.of("usr_nobody", this, note);
        QTRY_COMPARE_WITH_TIMEOUT(seen.size(), std::size_t(3), patience);
        std::sort(seen.begin(), seen.end());
        QCOMPARE(seen, (std::vector<std::int64_t>{0, 1, 1}));
        m_gateway->spool.push_back(event(2));
        Q_EMIT m_gateway->connected();
        QTRY_COMPARE_WITH_TIMEOUT(m_gateway->acked, 2, patience);
        seen.clear();
        for (int i = 0; i < 1000; ++i)
            sums.of("", this, note); // at once: it is held
        QCOMPARE(seen, std::vector<std::int64_t>(1000, 1));
        clock.advance(std::chrono::seconds(2));
        seen.clear();
        sums.of("", this, note);
        QTRY_COMPARE_WITH_TIMEOUT(seen, std::vector<std::int64_t>{2}, patience);
        m_gateway->spool.push_back(event(3));
        Q_EMIT m_gateway->connected();
        QTRY_COMPARE_WITH_TIMEOUT(m_gateway->acked, 3, patience);
        seen.clear();
        sums.anew("", this, note);
        QTRY_COMPARE_WITH_TIMEOUT(seen, std::vector<std::int64_t>{3}, patience);
        QCOMPARE(sums.lastOf("")->total.requests, 3);
    }

    // A hostile upstream says so, and an older gateway believed it: two of them are more than a bigint.
    void countsBeyondBeliefDoNotStopTheSum() {
        m_gateway->spool = {event(1), event(2), event(3)};
        for (auto* hostile : {&m_gateway->spool[0], &m_gateway->spool[1]})
            hostile->promptTokens = hostile->completionTokens = std::numeric_limits<std::int64_t>::max();
        UsagePump pump(*m_database, *m_gateway, m_hub);
        pump.start();
        QTRY_COMPARE_WITH_TIMEOUT(m_gateway->acked, 3, patience);
        const auto sum = await<wire::UsageSummary>([&](auto done) { usageSummary(*m_database, m_clock, {}, this, done); });
        QVERIFY(sum.ok());
        QCOMPARE(sum->total.requests, 3);
        QCOMPARE(sum->total.promptTokens, 2'000'000'100);
        QCOMPARE(sum->total.completionTokens, 2'000'000'007);
    }

    void aUserSumsTheirOwnUsageOnly() {
        m_gateway->spool = {event(1), event(2), event(3, "usr_bob", "upstream_error"), event(4, "usr_bob", "client_gone")};
        UsagePump pump(*m_database, *m_gateway, m_hub);
        pump.start();
        QTRY_COMPARE_WITH_TIMEOUT(m_gateway->acked, 4, patience);
        const auto ask = [this](const std::string& owner) {
            return *await<wire::UsageSummary>([&](auto done) { usageSummary(*m_database, m_clock, owner, this, done); });
        };
        const auto all = ask("");
        QCOMPARE(all.total.requests, 4);
        QCOMPARE(all.total.failed, 1);
        QCOMPARE(all.total.promptTokens, 400);
        QCOMPARE(all.byRoute.front().title, std::string("Starter model on this machine"));
        QCOMPARE(all.byUser.size(), std::size_t(2));
        const auto own = ask("usr_bob");
        QCOMPARE(own.total.requests, 2);
        QVERIFY(own.byUser.empty());
        QCOMPARE(ask("usr_none").total.requests, 0);
    }
};

QTEST_GUILESS_MAIN(TestModelRoutes)
#include "tst_model_routes.moc"
