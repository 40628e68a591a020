// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "governance_fixture.h"

#include <QTest>

using namespace clawloops;
using clawloops::test::await;

class TestLimits : public QObject {
    Q_OBJECT
    using List = governance::Limits::List;
    test::ThrowawayPostgres m_postgres;
    std::unique_ptr<test::GovernanceFixture> m_all;
    store::Actor m_admin{"usr_a", "anna", "", "req_1"};

    Result<List> replace(const List& limits) {
        return await<List>([&](auto done) { m_all->governance.limits.replace(limits, m_admin, this, done); });
    }
    Result<gateway_verbs::Brake> setBrake(const gateway_verbs::Brake& brake) {
        return await<gateway_verbs::Brake>([&](auto done) { m_all->governance.limits.setBrake(brake, m_admin, this, done); });
    }

private Q_SLOTS:
    void init() {
        QVERIFY2(m_postgres.ok(), qPrintable(m_postgres.problem()));
        m_all = std::make_unique<test::GovernanceFixture>(m_postgres);
        QVERIFY(m_all->configured);
    }
    void cleanup() { m_all.reset(); }

    void theGatewayHasTheLimitsBeforeTheAdminHasTheAnswer() {
        QVERIFY(replace({{"person", "", 60, 100'000, 4}, {"route", "starter", 0, 0, 2}}).ok());
        QCOMPARE(m_all->gateway.last.limits.size(), std::size_t(2));
        QCOMPARE(m_all->gateway.last.limits[0].tokensPerMinute, 100'000);
        QCOMPARE(m_all->gateway.last.limits[1].subject, std::string("starter"));
        QVERIFY(replace({{"person", "usr_b", 1, 0, 0}}).ok()); // all of them at once
        QCOMPARE(m_all->gateway.last.limits.size(), std::size_t(1));
        QCOMPARE(await<List>([&](auto done) { m_all->governance.limits.list(this, done); })->front().subject, std::string("usr_b"));
        QCOMPARE(m_postgres.sql(QStringLiteral("SELECT count(*) FROM audit_log WHERE action = 'limits.change'")), QStringLiteral("2"));
    }

    void aWrongOneLeavesTheOldOnesInForce() {
        QVERIFY(replace({{"person", "", 60, 0, 4}}).ok());
        for (const List& wrong : {List{{"person", "", 1, 0, 0}, {"person", "", 2, 0, 0}}, List{{"group", "", 1, 0, 0}}, List{{"person", "usr_none", 1, 0, 0}},
                                  List{{"route", "none", 1, 0, 0}}, List{{"key", "key_none", 1, 0, 0}}, List{{"person", "", -1, 0, 0}},
                                  List{{"person", "", 0, 1'000'000'000'001, 0}}})
            QCOMPARE(replace(wrong).error().code, ErrorCode::InvalidRequest);
        QCOMPARE(m_postgres.sql(QStringLiteral("SELECT count(*) || ' ' || max(requests_per_minute) FROM limits")), QStringLiteral("1 60"));
        QCOMPARE(m_all->gateway.last.limits.front().requestsPerMinute, 60);
    }

    void theBrakeIsAsItIsAtFirstUntilItIsSet() {
        QCOMPARE(m_all->gateway.last.brake.identicalRequests, gateway_verbs::Brake{}.identicalRequests);
        gateway_verbs::Brake brake;
        brake.identicalRequests = 5;
        brake.spendTimesUsual = 0;
        QVERIFY(setBrake(brake).ok());
        QCOMPARE(m_all->gateway.last.brake.identicalRequests, 5);
        QCOMPARE(m_all->gateway.last.brake.spendTimesUsual, 0);
        brake.identicalToolCalls = -1;
        QCOMPARE(setBrake(brake).error().code, ErrorCode::InvalidRequest);
        QCOMPARE(await<gateway_verbs::Brake>([&](auto done) { m_all->governance.limits.brake(this, done); })->identicalToolCalls,
                 gateway_verbs::Brake{}.identicalToolCalls);
        QCOMPARE(m_postgres.sql(QStringLiteral("SELECT count(*) FROM audit_log WHERE action = 'brake.change'")), QStringLiteral("1"));
    }
};

QTEST_GUILESS_MAIN(TestLimits)
#include "tst_limits.moc"
