// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "governance_fixture.h"

#include <QSignalSpy>
#include <QTest>

#include <chrono>

using namespace clawloops;
using namespace clawloops::governance;
using clawloops::test::await;

class TestBudgets : public QObject {
    Q_OBJECT
    test::ThrowawayPostgres m_postgres;
    std::unique_ptr<test::GovernanceFixture> m_all;
    store::Actor m_admin{"usr_a", "anna", "", "req_1"};

    Budgets& budgets() { return m_all->governance.budgets; }
    Result<wire::Budget> create(const BudgetWish& wish) {
        return await<wire::Budget>([&](auto done) { budgets().create(wish, m_admin, this, done); });
    }
    Result<wire::Budget> edit(const std::string& id, const BudgetWish& wish) {
        return await<wire::Budget>([&](auto done) { budgets().edit(id, wish, m_admin, this, done); });
    }
    Result<wire::Budget> raise(const std::string& id, std::int64_t by) {
        return await<wire::Budget>([&](auto done) { budgets().raise(id, by, m_admin, this, done); });
    }
    wire::Quota quota(const std::string& user) {
        return *await<wire::Quota>([&](auto done) { budgets().quota(user, this, done); });
    }
    std::vector<wire::Budget> list() {
        return *await<std::vector<wire::Budget>>([&](auto done) { budgets().list(this, done); });
    }
    // ben used 30 nano-units today, anna 5 and, last month, 900; each of 10 tokens.
    void useSome() {
        m_postgres.sql(QStringLiteral("INSERT INTO usage_sums SELECT dimension, key, (now() AT TIME ZONE 'UTC')::date - ago, 1, 0, 0, 7, 0, 3, 0, cost FROM (VALUES"
                                      " ('user', 'usr_b', 0, 30), ('user', 'usr_a', 0, 5), ('user', 'usr_a', 40, 900), ('all', '', 0, 35),"
                                      " ('route', 'starter', 0, 35)) AS used (dimension, key, ago, cost)"));
    }
    const gateway_verbs::Budget& told(const std::string& id) {
        for (const gateway_verbs::Budget& budget : m_all->gateway.last.budgets)
            if (budget.id == id)
                return budget;
        qFatal("the gateway was not told of that budget");
    }
    std::string group(const std::string& name, std::vector<std::string> members) {
        return await<wire::Group>([&](auto done) { m_all->governance.groups.create(name, members, m_admin, this, done); })->groupId;
    }

private Q_SLOTS:
    void init() {
        QVERIFY2(m_postgres.ok(), qPrintable(m_postgres.problem()));
        m_all = std::make_unique<test::GovernanceFixture>(m_postgres);
        QVERIFY(m_all->configured);
    }
    void cleanup() { m_all.reset(); }

    void theGatewayHasABudgetAndWhatIsSpentOfItBeforeItsMakerHasTheAnswer() {
        useSome();
        QSignalSpy changed(&m_all->hub, &orchestrator::EventHub::changed);
        const auto made = create({"Everybody", "all", "", "money", "day", 100});
        QVERIFY(made.ok());
        QVERIFY(made->budgetId.starts_with("bud_"));
        QCOMPARE(made->spent, 35);
        QCOMPARE(told(made->budgetId).spent, 35);
        QCOMPARE(told(made->budgetId).limit, 100);
        QCOMPARE(changed.at(0).at(0).value<orchestrator::Change>().id, made->budgetId);
        QCOMPARE(m_postgres.sql(QStringLiteral("SELECT subject FROM audit_log WHERE action = 'budget.create'")).toStdString(), made->budgetId);
    }

    void eachScopeHasItsOwnSpending() {
        useSome();
        const std::string team = group("Team", {"usr_a", "usr_b"});
        const std::string lab = group("Lab", {"usr_b"});
        const auto spentOf = [&](const char* scope, const std::string& subject, const char* unit, const char* window) {
            return told(create({"B", scope, subject, unit, window, 100})->budgetId);
        };
        QCOMPARE(spentOf("person", "usr_b", "money", "day").spent, 30);
        QCOMPARE(spentOf("person", "usr_b", "tokens", "week").spent, 10);
        QCOMPARE(spentOf("person", "usr_a", "money", "month").spent, 5); // last month's 900 are gone
        QCOMPARE(spentOf("group", team, "money", "day").spent, 35);
        QCOMPARE(spentOf("route", "starter", "money", "month").spent, 35);
        QCOMPARE(spentOf("route", "starter-litellm", "money", "month").spent, 0);
        QCOMPARE(spentOf("person", "", "money", "day").spentBy, (std::map<std::string, std::int64_t>{{"usr_a", 5}, {"usr_b", 30}}));
        QCOMPARE(spentOf("group", "", "tokens", "day").spentBy, (std::map<std::string, std::int64_t>{{team, 20}, {lab, 10}}));
        QCOMPARE(spentOf("person", "", "money", "run").spentBy.size(), std::size_t(0)); // of runs only the gateway knows
    }

    void whatTheGatewaySaysIsShownAndWhatIsStoredWhileItIsAway() {
        useSome();
        const std::string id = create({"Each", "person", "", "money", "day", 100})->budgetId;
        QCOMPARE(list().front().spent, 30);
        QCOMPARE(list().front().spender, std::string("ben"));
        m_all->gateway.answers["budgets"] = gateway_verbs::budgetsReply({{id, "usr_a", 60, 7, 100, "t"}, {id, "usr_b", 30, 0, 100, "t"}});
        const wire::Budget live = list().front();
        QCOMPARE(live.spent, 60);
        QCOMPARE(live.reserved, 7);
        QCOMPARE(live.spender, std::string("anna"));
        m_all->gateway.answers["budgets"] = {{"unexpected", 1}}; // as good as no answer
        QCOMPARE(list().front().spent, 30);
    }

    void aRaiseCountsOnItsDayOnlyAndAddsUp() {
        const std::string id = create({"Each", "person", "", "money", "day", 100})->budgetId;
        QCOMPARE(raise(id, 40)->raisedBy, 40);
        QCOMPARE(raise(id, 2)->raisedBy, 42);
        const std::string today = toRfc3339(std::chrono::system_clock::now()).substr(0, 10);
        QCOMPARE(told(id).raisedOn, today);
        QCOMPARE(told(id).raisedBy, 42);
        QCOMPARE(told(id).limit, 100);
        m_postgres.sql(QStringLiteral("UPDATE budgets SET raised_on = (now() AT TIME ZONE 'UTC')::date - 1"));
        QCOMPARE(raise(id, 3)->raisedBy, 3); // yesterday's is over
        QCOMPARE(raise(id, 0).error().code, ErrorCode::InvalidRequest);
        QCOMPARE(raise(id, -5).error().code, ErrorCode::InvalidRequest);
        QCOMPARE(raise("bud_none", 5).error().code, ErrorCode::NotFound);
        QCOMPARE(m_postgres.sql(QStringLiteral("SELECT count(*) FROM audit_log WHERE action = 'budget.raise'")), QStringLiteral("3"));
    }

    void whatIsNotGivenStaysAndARemovedOneIsGone() {
        const std::string id = create({"Each", "person", "", "money", "day", 100})->budgetId;
        BudgetWish wish;
        wish.limit = 250;
        const auto edited = edit(id, wish);
        QCOMPARE(edited->limit, 250);
        QCOMPARE(edited->name, std::string("Each"));
        QCOMPARE(told(id).limit, 250);
        QVERIFY(await<wire::Budget>([&](auto done) { budgets().remove(id, m_admin, this, done); }).ok());
        QVERIFY(m_all->gateway.last.budgets.empty());
        QCOMPARE(edit(id, wish).error().code, ErrorCode::NotFound);
        QVERIFY(create({"Other", "all", "", "money", "day", 1}).ok());
        QCOMPARE(await<wire::Budget>([&](auto done) { budgets().remove("", m_admin, this, done); }).error().code, ErrorCode::NotFound);
        QCOMPARE(list().size(), std::size_t(1));
    }

    void whatIsNoBudgetIsRefused() {
        const BudgetWish fine{"B", "person", "usr_b", "money", "day", 100};
        QVERIFY(create(fine).ok());
        const auto with = [&fine](const std::function<void(BudgetWish&)>& spoil) {
            BudgetWish wish = fine;
            spoil(wish);
            return wish;
        };
        for (const BudgetWish& wrong :
             {with([](auto& w) { w.name = ""; }), with([](auto& w) { w.scope = "planet"; }), with([](auto& w) { w.subject = "usr_none"; }),
              with([](auto& w) { w.scope = "all"; }), with([](auto& w) { w.scope = "group"; }), with([](auto& w) { w.scope = "route"; }),
              with([](auto& w) { w.unit = "euro"; }), with([](auto& w) { w.window = "year"; }), with([](auto& w) { w.limit = -1; }),
              with([](auto& w) { w.limit = 1'000'000'000'000'001; })})
            QCOMPARE(create(wrong).error().code, ErrorCode::InvalidRequest);
        QCOMPARE(list().size(), std::size_t(1));
    }

    void aGroupWithABudgetIsNotRemoved() {
        const std::string team = group("Team", {"usr_b"});
        QVERIFY(create({"Team's", "group", team, "money", "day", 100}).ok());
        const auto removed = await<wire::Group>([&](auto done) { m_all->governance.groups.remove(team, m_admin, this, done); });
        QCOMPARE(removed.error().code, ErrorCode::RuntimeActionConflict);
    }

    void aPersonSeesWhatIsLeftToThemAndNobodysName() {
        useSome();
        const std::string team = group("Team", {"usr_b"});
        group("Lab", {"usr_a"});
        for (const BudgetWish& wish : {BudgetWish{"Each", "person", "", "money", "day", 100}, {"Anna's", "person", "usr_a", "money", "day", 100},
                                       {"Groups", "group", "", "money", "day", 100}, {"All", "all", "", "money", "day", 100}})
            QVERIFY(create(wish).ok());
        const governance::Limits::List limits{{"person", "", 10, 0, 2}, {"person", "usr_a", 99, 0, 0}};
        QVERIFY(await<governance::Limits::List>([&](auto done) { m_all->governance.limits.replace(limits, m_admin, this, done); }).ok());
        const wire::Quota ben = quota("usr_b");
        QCOMPARE(ben.items.size(), std::size_t(3));
        QCOMPARE(ben.items[0].name, std::string("Each"));
        QCOMPARE(ben.items[0].subject, std::string("usr_b"));
        QCOMPARE(ben.items[0].spent, 30);
        QCOMPARE(ben.items[1].subject, team);
        QCOMPARE(ben.items[2].spent, 35);
        QCOMPARE(ben.limits.size(), std::size_t(1));
        QCOMPARE(ben.limits[0].requestsPerMinute, 10);
        QCOMPARE(ben.held, std::string());
        const std::string text = json::serialize(wire::toJson(ben));
        QVERIFY2(text.find("usr_a") == std::string::npos && text.find("anna") == std::string::npos, text.c_str());
        QCOMPARE(quota("usr_a").limits[0].requestsPerMinute, 99); // their own, instead
    }

    void aPersonReadsWhyNoModelAnswers() {
        m_all->gateway.answers["brake.list"] = gateway_verbs::brakeReply({{"usr_b", "held", "identicalRequests", "A loop.", {}, "t"}, {"usr_a", "slowed", "r", "Slow.", {}, "t"}});
        QCOMPARE(quota("usr_b").held, std::string("A loop."));
        QCOMPARE(quota("usr_a").held, std::string());
        QVERIFY(await<wire::Holds>([&](auto done) { m_all->governance.holds.freeze("usr_a", "Ask me.", m_admin, this, done); }).ok());
        QCOMPARE(quota("usr_a").held, std::string("Ask me."));
        QVERIFY(await<wire::Holds>([&](auto done) { m_all->governance.holds.freezeAll("All of you.", m_admin, this, done); }).ok());
        QCOMPARE(quota("usr_b").held, std::string("All of you."));
    }

    void aBudgetsWindowEndsAtMidnightOnMondayAndOnTheFirst() {
        ManualClock clock(fromUnixSeconds(1'798'675'200)); // Thursday, 2026-12-31, 00:00 UTC
        Budgets others({*m_all->database, m_all->gateway, m_all->routes, m_all->hub, clock});
        const auto endOf = [&](const char* window) {
            const BudgetWish wish{"B", "all", "", "money", window, 100};
            return await<wire::Budget>([&](auto done) { others.create(wish, m_admin, this, done); })->resetsAt;
        };
        QCOMPARE(endOf("day"), std::string("2027-01-01T00:00:00.000Z"));
        QCOMPARE(endOf("week"), std::string("2027-01-04T00:00:00.000Z"));
        QCOMPARE(endOf("month"), std::string("2027-01-01T00:00:00.000Z"));
        QCOMPARE(endOf("run"), std::string());
    }
};

QTEST_GUILESS_MAIN(TestBudgets)
#include "tst_budgets.moc"
