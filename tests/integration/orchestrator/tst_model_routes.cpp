// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "doubles.h"
#include "orchestrator/model_routes.h"
#include "support/open_database.h"

#include <QSignalSpy>
#include <QTest>

#include <algorithm>

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

    Result<wire::Route> create(const wire::Route& route) {
        return await<wire::Route>([&](auto done) { m_routes->create(route, store::systemActor(), this, done); });
    }
    Result<wire::Route> remove(const std::string& modelId) {
        return await<wire::Route>([&](auto done) { m_routes->remove(modelId, store::systemActor(), this, done); });
    }
    static wire::Route full() {
        wire::Route route{"team/best", "The best", true, {{"near", "openai", "qwen", 3, "http://127.0.0.1:8000/v1"}, {"far", "litellm", "claude", 1, ""}}};
        route.targets[0].slots = 4;
        route.targets[1].provider = "anthropic";
        route.targets[1].price = wire::Price{3, 1, 15};
        route.balance = "weight";
        route.position = 7;
        route.roles = {"admin"};
        route.people = {"usr_anna"};
        route.force = {{"temperature", 0.5}};
        route.defaults = {{"max_tokens", 500}};
        route.contextTokens = 8192;
        route.outputTokens = 1000;
        return route;
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
        QCOMPARE(m_routes->modelsOf("usr_any").size(), std::size_t(1));
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

    void aRouteIsMadeWithAllThatItSaysAndTheGatewayHasItWhenItIsAnswered() {
        QCOMPARE(m_postgres.sql(QStringLiteral("INSERT INTO users (id, username, role, status, password_hash) VALUES ('usr_anna', 'anna', 'user', 'active', 'x')")), QString());
        QSignalSpy changed(&m_hub, &EventHub::changed);
        const wire::Route route = full();
        const auto made = create(route);
        QVERIFY2(made.ok(), made.ok() ? "" : (made.error().message + made.error().detail).c_str());
        const auto found = std::find_if(m_gateway->last.routes.begin(), m_gateway->last.routes.end(), [](const auto& one) { return one.name == "team/best"; });
        QVERIFY(found != m_gateway->last.routes.end());
        QCOMPARE(found->balance, std::string("weight"));
        QVERIFY(!found->everyone);
        QVERIFY(found->roles == std::vector<std::string>{"admin"} && found->people == std::vector<std::string>{"usr_anna"});
        QVERIFY(found->force == route.force && found->defaults == route.defaults);
        QVERIFY(found->contextTokens == 8192 && found->outputTokens == 1000);
        QCOMPARE(found->targets.at(0).slots, 4);
        QVERIFY(!found->targets.at(0).price);
        QCOMPARE(found->targets.at(1).provider, std::string("anthropic"));
        QVERIFY(found->targets.at(1).price && found->targets.at(1).price->in == 3 && found->targets.at(1).price->cachedIn == 1 && found->targets.at(1).price->out == 15);
        QCOMPARE(wire::toJson(m_routes->routes().back()), wire::toJson(route)); // as it is read back from the database
        QCOMPARE(changed.back().front().value<Change>().id, std::string("team/best"));
        QCOMPARE(create(route).error().code, ErrorCode::RuntimeActionConflict);
        QCOMPARE(m_postgres.sql(QStringLiteral("SELECT subject FROM audit_log WHERE action = 'route.create'")), QStringLiteral("team/best"));
    }

    void onlyWhomARouteNamesMayUseIt() {
        const wire::Route route = [] {
            wire::Route one;
            one.roles = {"admin"};
            one.people = {"usr_anna"};
            return one;
        }();
        QVERIFY(isOpenTo(route, "usr_anna", "user"));
        QVERIFY(isOpenTo(route, "usr_ben", "admin"));
        QVERIFY(!isOpenTo(route, "usr_ben", "user"));
        wire::Route open;
        QVERIFY(!isOpenTo(open, "usr_ben", "admin"));
        open.everyone = true;
        QVERIFY(isOpenTo(open, "usr_ben", "user"));
        // A cell may use what its person may, and nothing beside it.
        QCOMPARE(m_postgres.sql(QStringLiteral("UPDATE routes SET everyone = false WHERE name = 'starter'")), QString());
        const int before = m_gateway->configured;
        Q_EMIT m_gateway->connected();
        QTRY_VERIFY_WITH_TIMEOUT(m_gateway->configured > before, patience);
        QVERIFY(!m_gateway->last.routes.at(0).everyone);
        const auto models = m_routes->modelsOf("usr_ben");
        QVERIFY(models.size() == 1 && models.front().name == "starter-litellm");
    }

    void aRouteIsGoneForTheGatewayWhenItsRemovalIsAnswered() {
        const auto removed = remove("starter");
        QVERIFY(removed.ok() && removed->title == "Starter model on this machine");
        QCOMPARE(m_gateway->last.routes.size(), std::size_t(1));
        QCOMPARE(m_routes->routes().size(), std::size_t(1));
        QCOMPARE(remove("starter").error().code, ErrorCode::ModelNotFound);
        QCOMPARE(m_postgres.sql(QStringLiteral("SELECT subject FROM audit_log WHERE action = 'route.remove'")), QStringLiteral("starter"));
        QCOMPARE(m_postgres.sql(QStringLiteral("INSERT INTO limits VALUES ('route', 'starter-litellm', 1, 0, 0)")), QString());
        QCOMPARE(remove("starter-litellm").error().code, ErrorCode::RuntimeActionConflict);
        QCOMPARE(m_gateway->last.routes.size(), std::size_t(1));
    }

    void peopleAndCredentialsWhomThereAreNotAreRefusedAndNothingIsKept() {
        wire::Route route = full();
        QCOMPARE(create(route).error().code, ErrorCode::InvalidRequest);
        route.people.clear();
        route.targets[1].credentialId = "crd_none";
        QCOMPARE(create(route).error().code, ErrorCode::InvalidRequest);
        QCOMPARE(m_postgres.sql(QStringLiteral("INSERT INTO provider_credentials VALUES ('crd_none', 'Other', 'openai', 1, 'x', now(), now())")), QString());
        const auto other = create(route); // a key goes to its own provider only
        QVERIFY(!other.ok() && other.error().message.find("openai") != std::string::npos);
        QCOMPARE(m_postgres.sql(QStringLiteral("SELECT count(*) FROM routes")), QStringLiteral("2"));
        QCOMPARE(m_postgres.sql(QStringLiteral("SELECT count(*) FROM audit_log WHERE action = 'route.create'")), QStringLiteral("0"));
    }

    void aGatewayThatComesBackIsConfiguredWhole() {
        const int before = m_gateway->configured;
        Q_EMIT m_gateway->connected();
        QTRY_VERIFY_WITH_TIMEOUT(m_gateway->configured > before, patience);
        QCOMPARE(m_gateway->last.routes.size(), std::size_t(2));
    }
};

QTEST_GUILESS_MAIN(TestModelRoutes)
#include "tst_model_routes.moc"
