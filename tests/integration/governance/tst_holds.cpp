// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "governance_fixture.h"

#include <QSignalSpy>
#include <QTest>

using namespace clawloops;
using clawloops::test::await;
using orchestrator::Change;

class TestHolds : public QObject {
    Q_OBJECT
    test::ThrowawayPostgres m_postgres;
    std::unique_ptr<test::GovernanceFixture> m_all;
    store::Actor m_admin{"usr_a", "anna", "", "req_1"};

    governance::Holds& holds() { return m_all->governance.holds; }
    Result<wire::Holds> freeze(const std::string& user, const std::string& sentence) {
        return await<wire::Holds>([&](auto done) { holds().freeze(user, sentence, m_admin, this, done); });
    }
    Result<wire::Holds> release(const std::string& user) {
        return await<wire::Holds>([&](auto done) { holds().release(user, m_admin, this, done); });
    }

private Q_SLOTS:
    void init() {
        QVERIFY2(m_postgres.ok(), qPrintable(m_postgres.problem()));
        m_all = std::make_unique<test::GovernanceFixture>(m_postgres);
        QVERIFY(m_all->configured);
    }
    void cleanup() { m_all.reset(); }

    void theGatewayKnowsOfAFreezeBeforeTheAdminHasTheAnswer() {
        QSignalSpy changed(&m_all->hub, &orchestrator::EventHub::changed);
        const auto now = freeze("usr_b", "A loop ran.");
        QVERIFY(now.ok());
        QCOMPARE(now->items.size(), std::size_t(1));
        QCOMPARE(now->items[0].username, std::string("ben"));
        QCOMPARE(now->items[0].state, std::string("frozen"));
        QCOMPARE(now->items[0].sentence, std::string("A loop ran."));
        QCOMPARE(m_all->told("usr_b")->frozen, std::string("A loop ran."));
        QCOMPARE(m_all->told("usr_a")->frozen, std::string());
        QCOMPARE(changed.at(0).at(0).value<Change>().kind, Change::Kind::Hold);
        QCOMPARE(m_postgres.sql(QStringLiteral("SELECT status FROM users WHERE id = 'usr_b'")), QStringLiteral("active")); // not signed out
        QCOMPARE(m_postgres.sql(QStringLiteral("SELECT subject FROM audit_log WHERE action = 'user.freeze'")), QStringLiteral("usr_b"));
    }

    void aReleaseEndsTheFreezeAndTheBrakesHold() {
        QVERIFY(freeze("usr_b", "A loop ran.").ok());
        m_all->gateway.answers["brake.list"] = gateway_verbs::brakeReply({{"usr_b", "held", "identicalRequests", "The same request 20 times.", {{"seen", 20}}, "t"}});
        const auto both = await<wire::Holds>([&](auto done) { holds().list(this, done); });
        QCOMPARE(both->items.size(), std::size_t(2));
        QCOMPARE(both->items[1].username, std::string("ben"));
        QCOMPARE(both->items[1].rule, std::string("identicalRequests"));
        QCOMPARE(both->items[1].numbers.at("seen").as_int64(), 20);
        m_all->gateway.answers["brake.list"] = gateway_verbs::brakeReply({});
        const auto now = release("usr_b");
        QVERIFY(now.ok() && now->items.empty());
        QCOMPARE(m_all->told("usr_b")->frozen, std::string());
        const bool told = std::any_of(m_all->gateway.asked.begin(), m_all->gateway.asked.end(), [](const auto& one) {
            return one.first == "brake.release" && one.second.at("user").as_string() == "usr_b";
        });
        QVERIFY(told);
        QCOMPARE(m_postgres.sql(QStringLiteral("SELECT subject FROM audit_log WHERE action = 'user.release'")), QStringLiteral("usr_b"));
    }

    void allAreFrozenAndReleasedTogetherButNotWhoIsFrozenAlone() {
        QVERIFY(freeze("usr_b", "A loop ran.").ok());
        const auto frozen = await<wire::Holds>([&](auto done) { holds().freezeAll("The bill is being looked at.", m_admin, this, done); });
        QCOMPARE(frozen->all, std::string("The bill is being looked at."));
        QCOMPARE(m_all->gateway.last.frozenAll, std::string("The bill is being looked at."));
        const auto again = await<wire::Holds>([&](auto done) { holds().freezeAll("Another reason.", m_admin, this, done); });
        QCOMPARE(again->all, std::string("Another reason."));
        const auto now = await<wire::Holds>([&](auto done) { holds().releaseAll(m_admin, this, done); });
        QCOMPARE(now->all, std::string());
        QCOMPARE(m_all->gateway.last.frozenAll, std::string());
        QCOMPARE(now->items.size(), std::size_t(1));
        QCOMPARE(m_all->told("usr_b")->frozen, std::string("A loop ran."));
    }

    void aFreezeNeedsASentenceAndAPerson() {
        QCOMPARE(freeze("usr_b", "").error().code, ErrorCode::InvalidRequest);
        QCOMPARE(freeze("usr_b", std::string(301, 'x')).error().code, ErrorCode::InvalidRequest);
        QCOMPARE(freeze("usr_none", "A loop ran.").error().code, ErrorCode::UserNotFound);
        QCOMPARE(release("usr_none").error().code, ErrorCode::UserNotFound);
        QCOMPARE(m_postgres.sql(QStringLiteral("SELECT count(*) FROM audit_log")), QStringLiteral("0"));
    }

    void theBrakesOwnChangesReachTheStream() {
        QSignalSpy changed(&m_all->hub, &orchestrator::EventHub::changed);
        Q_EMIT m_all->gateway.told(QStringLiteral("brake"), {{"user", "usr_b"}, {"state", "held"}});
        QCOMPARE(changed.count(), 1);
        QCOMPARE(changed.at(0).at(0).value<Change>().kind, Change::Kind::Hold);
    }
};

QTEST_GUILESS_MAIN(TestHolds)
#include "tst_holds.moc"
