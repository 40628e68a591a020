// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "governance_fixture.h"

#include <QSignalSpy>
#include <QTest>

#include <algorithm>

using namespace clawloops;
using namespace clawloops::governance;
using clawloops::test::await;

class TestGatewayWatch : public QObject {
    Q_OBJECT
    test::ThrowawayPostgres m_postgres;
    std::unique_ptr<test::GovernanceFixture> m_all;
    store::Actor m_admin{"usr_a", "anna", "", "req_1"};

    GatewayWatch& watch() { return m_all->governance.watch; }
    const json::object* asked(std::string_view verb) {
        const auto& all = m_all->gateway.asked;
        const auto found = std::find_if(all.rbegin(), all.rend(), [verb](const auto& one) { return one.first == verb; });
        return found == all.rend() ? nullptr : &found->second;
    }

private Q_SLOTS:
    void init() {
        QVERIFY2(m_postgres.ok(), qPrintable(m_postgres.problem()));
        m_all = std::make_unique<test::GovernanceFixture>(m_postgres);
        QVERIFY(m_all->configured);
    }
    void cleanup() { m_all.reset(); }

    void anEntryIsMovedAndDroppedByItsTicketAndTheJournalSaysWho() {
        m_all->gateway.answers["queue.list"] = gateway_verbs::queueReply({{"7", "t", "r", "usr_b", "interactive", "s", 1, 900}});
        const auto moved = await<GatewayWatch::Queue>([&](auto done) { watch().move("7", m_admin, this, done); });
        QVERIFY(moved.ok());
        QCOMPARE(moved->front().ticket, std::string("7"));
        QCOMPARE(std::string(asked("queue.move")->at("ticket").as_string()), std::string("7"));
        QVERIFY(await<GatewayWatch::Queue>([&](auto done) { watch().drop("7", m_admin, this, done); }).ok());
        QVERIFY(asked("queue.drop"));
        QCOMPARE(m_postgres.sql(QStringLiteral("SELECT string_agg(actor_name || ' ' || action || ' ' || subject, ', ' ORDER BY seq) FROM audit_log")),
                 QStringLiteral("anna queue.move 7, anna queue.drop 7"));
    }

    void refusalsAreAskedForOnePersonOrAll() {
        m_all->gateway.answers["refusals"] = gateway_verbs::refusalsReply({{"req_1", "t", "usr_b", "c0", "r", "budget", "Why.", {{"left", 0}}, "Raise it."}});
        const auto ask = [&](const std::string& user) {
            return await<std::vector<gateway_verbs::Refusal>>([&](auto done) { watch().refusals(user, 5, this, done); });
        };
        QCOMPARE(ask("usr_b")->front().rule, std::string("budget"));
        QCOMPARE(std::string(asked("refusals")->at("user").as_string()), std::string("usr_b"));
        QCOMPARE(asked("refusals")->at("limit").as_int64(), 5);
        QVERIFY(ask("").ok());
        QVERIFY(!asked("refusals")->contains("user"));
    }

    void anAnswerThatIsNoneIsAnErrorAndNoEmptyList() {
        m_all->gateway.answers["targets"] = {{"targets", "many"}};
        QVERIFY(!await<std::vector<gateway_verbs::TargetState>>([&](auto done) { watch().targets(this, done); }).ok());
    }

    void aThousandChangesOfTheQueueAreToldOnce() {
        QSignalSpy changed(&watch(), &GatewayWatch::queueChanged);
        for (int i = 0; i < 1000; ++i)
            Q_EMIT m_all->gateway.told(QStringLiteral("queue"), {{"target", "t"}, {"waiting", i}});
        QTRY_COMPARE_WITH_TIMEOUT(changed.count(), 1, test::patience);
    }

    void whatHappensAtTheGatewayIsPassedOnWhereItIsUnderstood() {
        QSignalSpy targets(&watch(), &GatewayWatch::targetChanged);
        QSignalSpy refusals(&watch(), &GatewayWatch::refused);
        Q_EMIT m_all->gateway.told(QStringLiteral("target"), gateway_verbs::toJson(gateway_verbs::TargetState{"r", "t", "down", "s", "Why.", 0, 0, 0, "", ""}));
        Q_EMIT m_all->gateway.told(QStringLiteral("target"), {{"route", 5}});
        Q_EMIT m_all->gateway.told(QStringLiteral("refusal"), gateway_verbs::toJson(gateway_verbs::Refusal{"req_1", "t", "usr_b", "c0", "r", "budget", "Why.", {}, "Raise it."}));
        Q_EMIT m_all->gateway.told(QStringLiteral("unheard"), {});
        QCOMPARE(targets.count(), 1);
        QCOMPARE(refusals.count(), 1);
    }
};

QTEST_GUILESS_MAIN(TestGatewayWatch)
#include "tst_gateway_watch.moc"
