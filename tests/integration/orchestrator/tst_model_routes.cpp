// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "doubles.h"
#include "orchestrator/model_routes.h"
#include "support/open_database.h"

#include <QSignalSpy>
#include <QTest>


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
};

QTEST_GUILESS_MAIN(TestModelRoutes)
#include "tst_model_routes.moc"
