// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "governance_fixture.h"

#include <QTest>

using namespace clawloops;
using clawloops::test::await;

class TestGroups : public QObject {
    Q_OBJECT
    test::ThrowawayPostgres m_postgres;
    std::unique_ptr<test::GovernanceFixture> m_all;
    store::Actor m_admin{"usr_a", "anna", "", "req_1"};

    governance::Groups& groups() { return m_all->governance.groups; }
    Result<wire::Group> create(const std::string& name, std::vector<std::string> members) {
        return await<wire::Group>([&](auto done) { groups().create(name, members, m_admin, this, done); });
    }

private Q_SLOTS:
    void init() {
        QVERIFY2(m_postgres.ok(), qPrintable(m_postgres.problem()));
        m_all = std::make_unique<test::GovernanceFixture>(m_postgres);
        QVERIFY(m_all->configured);
    }
    void cleanup() { m_all.reset(); }

    void theGatewayKnowsOfAGroupBeforeItsMakerHasTheAnswer() {
        const auto made = create("Team", {"usr_b", "usr_a", "usr_b"});
        QVERIFY(made.ok());
        QVERIFY(made->groupId.starts_with("grp_"));
        QCOMPARE(made->members, (std::vector<std::string>{"usr_a", "usr_b"}));
        QCOMPARE(m_all->told("usr_b")->groups, std::vector<std::string>{made->groupId});
        QCOMPARE(m_postgres.sql(QStringLiteral("SELECT actor_name || ' ' || subject FROM audit_log WHERE action = 'group.create'")).toStdString(),
                 "anna " + made->groupId);
    }

    void whatIsNotGivenStays() {
        const auto made = create("Team", {"usr_a"});
        const auto edit = [&](std::optional<std::string> name, std::optional<std::vector<std::string>> members) {
            return await<wire::Group>([&](auto done) { groups().edit(made->groupId, name, members, m_admin, this, done); });
        };
        const auto renamed = edit("Lab", std::nullopt);
        QCOMPARE(renamed->name, std::string("Lab"));
        QCOMPARE(renamed->members, std::vector<std::string>{"usr_a"});
        QCOMPARE(edit(std::nullopt, std::vector<std::string>{"usr_b"})->members, std::vector<std::string>{"usr_b"});
        QVERIFY(m_all->told("usr_a")->groups.empty());
        const auto list = await<std::vector<wire::Group>>([&](auto done) { groups().list(this, done); });
        QCOMPARE(list->size(), std::size_t(1));
        QCOMPARE(list->front().name, std::string("Lab"));
    }

    void aRemovedGroupIsGoneEverywhere() {
        const auto made = create("Team", {"usr_b"});
        const auto remove = [&] { return await<wire::Group>([&](auto done) { groups().remove(made->groupId, m_admin, this, done); }); };
        QVERIFY(remove().ok());
        QVERIFY(m_all->told("usr_b")->groups.empty());
        QCOMPARE(remove().error().code, ErrorCode::NotFound);
        QCOMPARE(m_postgres.sql(QStringLiteral("SELECT count(*) FROM group_members")), QStringLiteral("0"));
    }

    void whatIsNoGroupIsRefusedAndLeavesNothing() {
        QVERIFY(create("Team", {}).ok());
        QCOMPARE(create("TEAM", {}).error().code, ErrorCode::RuntimeActionConflict); // one name, whatever its case
        QCOMPARE(create("", {}).error().code, ErrorCode::InvalidRequest);
        QCOMPARE(create("two\nlines", {}).error().code, ErrorCode::InvalidRequest);
        QCOMPARE(create("Other", {"usr_none"}).error().code, ErrorCode::InvalidRequest);
        QCOMPARE(m_postgres.sql(QStringLiteral("SELECT string_agg(name, ',') FROM groups")), QStringLiteral("Team"));
        QCOMPARE(m_postgres.sql(QStringLiteral("SELECT count(*) FROM audit_log")), QStringLiteral("1"));
    }
};

QTEST_GUILESS_MAIN(TestGroups)
#include "tst_groups.moc"
