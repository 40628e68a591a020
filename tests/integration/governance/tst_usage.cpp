// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "governance/usage_pump.h"
#include "governance/usage_reports.h"
#include "governance/usage_summaries.h"
#include "governance_fixture.h"

#include <QSignalSpy>
#include <QTest>

#include <algorithm>
#include <limits>

using namespace clawloops;
using namespace clawloops::governance;
using clawloops::test::await;
using orchestrator::EventHub;

class TestUsage : public QObject {
    Q_OBJECT

    test::ThrowawayPostgres m_postgres;
    std::unique_ptr<test::GovernanceFixture> m_all;

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
    static gateway_verbs::UsageEvent paid(std::int64_t seq, const char* user, const char* route, const char* at, std::int64_t cost) {
        gateway_verbs::UsageEvent one = event(seq, user);
        one.route = route;
        one.target = std::string(route) + "-target";
        one.startedAt = at;
        one.costNanos = cost;
        one.cachedTokens = 40;
        one.reasoningTokens = 3;
        one.estimated = seq % 2 == 0;
        return one;
    }
    Status store(const std::string& spool, std::vector<gateway_verbs::UsageEvent> events) {
        return await<void>([&](auto done) {
            m_all->database->run([spool, events](store::Transaction& tx) { return storeUsage(tx, spool, events); }, this, done);
        });
    }
    Result<wire::UsageSummary> summary(const std::string& owner) {
        return await<wire::UsageSummary>([&](auto done) {
            m_all->database->run([owner](store::Transaction& tx) { return usageSummary(tx, std::chrono::system_clock::now(), owner); }, this, done);
        });
    }
    Result<wire::UsageReport> report(const UsageQuestion& question) {
        return await<wire::UsageReport>([&](auto done) { m_all->governance.usage.report(question, this, done); });
    }
    QString sql(const char* text) { return m_postgres.sql(QString::fromLatin1(text)); }

private Q_SLOTS:
    void init() {
        QVERIFY2(m_postgres.ok(), qPrintable(m_postgres.problem()));
        m_all = std::make_unique<test::GovernanceFixture>(m_postgres);
        QVERIFY(m_all->configured);
    }
    void cleanup() { m_all.reset(); }

    void usageIsStoredExactlyOnceHoweverOftenItIsRead() {
        m_all->gateway.spool = {event(1), event(2), event(3, "usr_bob", "upstream_error")};
        QSignalSpy changed(&m_all->hub, &EventHub::changed);
        UsagePump pump(*m_all->database, m_all->gateway, m_all->hub);
        pump.start();
        QTRY_COMPARE_WITH_TIMEOUT(m_all->gateway.acked, 3, test::patience);
        QCOMPARE(changed.count(), 2); // one for each user
        // The acknowledgement was lost: all come again, and one more.
        m_all->gateway.spool.push_back(event(4));
        Q_EMIT m_all->gateway.connected();
        QTRY_COMPARE_WITH_TIMEOUT(m_all->gateway.acked, 4, test::patience);
        QCOMPARE(sql(("SELECT count(*) || ' ' || sum(completion_tokens) FROM usage_events")), QStringLiteral("4 28"));
    }

    // However many rows the month has, and however often somebody asks.
    void whoAsksInALoopSharesASum() {
        m_all->gateway.spool = {event(1)};
        UsagePump pump(*m_all->database, m_all->gateway, m_all->hub);
        pump.start();
        QTRY_COMPARE_WITH_TIMEOUT(m_all->gateway.acked, 1, test::patience);
        ManualClock clock(std::chrono::system_clock::now());
        UsageSummaries sums(*m_all->database, clock);
        std::vector<std::int64_t> seen;
        const auto note = [&seen](const Result<wire::UsageSummary>& sum) { seen.push_back(sum ? sum->total.requests : -1); };
        sums.of("", this, note);
        sums.of("", this, note);
        sums.of("usr_nobody", this, note);
        QTRY_COMPARE_WITH_TIMEOUT(seen.size(), std::size_t(3), test::patience);
        std::sort(seen.begin(), seen.end());
        QCOMPARE(seen, (std::vector<std::int64_t>{0, 1, 1}));
        m_all->gateway.spool.push_back(event(2));
        Q_EMIT m_all->gateway.connected();
        QTRY_COMPARE_WITH_TIMEOUT(m_all->gateway.acked, 2, test::patience);
        seen.clear();
        for (int i = 0; i < 1000; ++i)
            sums.of("", this, note); // at once: it is held
        QCOMPARE(seen, std::vector<std::int64_t>(1000, 1));
        clock.advance(std::chrono::seconds(2));
        seen.clear();
        sums.of("", this, note);
        QTRY_COMPARE_WITH_TIMEOUT(seen, std::vector<std::int64_t>{2}, test::patience);
        m_all->gateway.spool.push_back(event(3));
        Q_EMIT m_all->gateway.connected();
        QTRY_COMPARE_WITH_TIMEOUT(m_all->gateway.acked, 3, test::patience);
        seen.clear();
        sums.anew("", this, note);
        QTRY_COMPARE_WITH_TIMEOUT(seen, std::vector<std::int64_t>{3}, test::patience);
        QCOMPARE(sums.lastOf("")->total.requests, 3);
    }

    // A hostile upstream says so, and an older gateway believed it: two of them are more than a bigint.
    void countsBeyondBeliefDoNotStopTheSum() {
        m_all->gateway.spool = {event(1), event(2), event(3)};
        for (auto* hostile : {&m_all->gateway.spool[0], &m_all->gateway.spool[1]})
            hostile->promptTokens = hostile->completionTokens = std::numeric_limits<std::int64_t>::max();
        UsagePump pump(*m_all->database, m_all->gateway, m_all->hub);
        pump.start();
        QTRY_COMPARE_WITH_TIMEOUT(m_all->gateway.acked, 3, test::patience);
        const auto sum = summary({});
        QVERIFY(sum.ok());
        QCOMPARE(sum->total.requests, 3);
        QCOMPARE(sum->total.promptTokens, 2'000'000'100);
        QCOMPARE(sum->total.completionTokens, 2'000'000'007);
    }

    void aUserSumsTheirOwnUsageOnly() {
        m_all->gateway.spool = {event(1), event(2), event(3, "usr_bob", "upstream_error"), event(4, "usr_bob", "client_gone")};
        UsagePump pump(*m_all->database, m_all->gateway, m_all->hub);
        pump.start();
        QTRY_COMPARE_WITH_TIMEOUT(m_all->gateway.acked, 4, test::patience);
        const auto ask = [this](const std::string& owner) { return *summary(owner); };
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

    void theSumsMoveWithTheEventsOrNotAtAll() {
        const auto events = std::vector{paid(1, "usr_a", "fast", "2026-11-01T00:00:00.000Z", 5), paid(2, "usr_a", "fast", "2026-11-01T23:59:59.999Z", 6)};
        QVERIFY(store("spool-1", events).ok());
        QVERIFY(store("spool-1", events).ok()); // read twice
        const char* both = "SELECT requests || ' ' || prompt_tokens || ' ' || cached_tokens || ' ' || reasoning_tokens || ' ' || cost_nanos || ' ' || estimated"
                           " FROM usage_days";
        QCOMPARE(sql(both), QStringLiteral("2 200 80 6 11 1"));
        QCOMPARE(sql("SELECT spool || ' ' || seq FROM usage_through"), QStringLiteral("spool-1 2"));
        sql("ALTER TABLE usage_through RENAME TO away");
        QVERIFY(!store("spool-1", {paid(3, "usr_a", "fast", "2026-11-02T00:00:00.000Z", 7)}).ok());
        sql("ALTER TABLE away RENAME TO usage_through");
        QCOMPARE(sql("SELECT count(*) FROM usage_events"), QStringLiteral("2"));
        QCOMPARE(sql(both), QStringLiteral("2 200 80 6 11 1"));
    }

    void theBaselineIsOfTheSpoolThatWasReadLast() {
        QVERIFY(store("spool-1", {paid(7, "usr_a", "fast", "2026-11-01T00:00:00.000Z", 5)}).ok());
        QVERIFY(store("spool-2", {paid(1, "usr_a", "fast", "2026-11-03T00:00:00.000Z", 5)}).ok());
        const int before = m_all->gateway.configured;
        m_all->routes.configure(this, [](const auto&) {});
        QTRY_VERIFY_WITH_TIMEOUT(m_all->gateway.configured > before, test::patience);
        QCOMPARE(m_all->gateway.last.baseline.spool, std::string("spool-2"));
        QCOMPARE(m_all->gateway.last.baseline.seq, 1);
    }

    void totalsEqualTheSumOfTheParts() {
        std::vector<gateway_verbs::UsageEvent> events;
        for (int i = 1; i <= 600; ++i) {
            const std::string day = "2026-1" + std::to_string(i % 3) + "-0" + std::to_string(1 + i % 9);
            auto one = paid(i, i % 2 ? "usr_a" : "usr_b", i % 5 ? "fast" : "wise", (day + "T12:00:00.000Z").c_str(), 1000 + i * 37);
            one.outcome = i % 7 ? "ok" : "upstream_error";
            one.keyId = i % 4 ? "" : "key_1";
            one.promptTokens = i * 11;
            events.push_back(std::move(one));
        }
        QVERIFY(store("spool-1", events).ok());
        for (const UsageQuestion& question : {UsageQuestion{"2026-10-01", "2026-12-31", "", {}, {}}, {"2026-11-02", "2026-11-05", "", {}, {}},
                                              {"2026-10-01", "2026-12-31", "", "usr_a", {}}, {"2026-10-01", "2026-12-31", "", {}, "wise"},
                                              {"2026-10-01", "2026-12-31", "", "usr_b", "fast"}}) {
            wire::UsageRow byHand;
            for (const auto& one : events) {
                const std::string day = one.startedAt.substr(0, 10);
                if (day < question.from || day > question.to || (!question.userId.empty() && one.userId != question.userId) ||
                    (!question.modelId.empty() && one.route != question.modelId))
                    continue;
                ++byHand.requests;
                byHand.failed += one.outcome == "ok" ? 0 : 1;
                byHand.promptTokens += one.promptTokens;
                byHand.cachedTokens += one.cachedTokens;
                byHand.completionTokens += one.completionTokens;
                byHand.reasoningTokens += one.reasoningTokens;
                byHand.costNanos += one.costNanos;
                byHand.estimated += one.estimated ? 1 : 0;
            }
            byHand.title = "All";
            QVERIFY(byHand.requests > 0);
            for (const char* by : {"person", "route", "target", "key", "day"}) {
                UsageQuestion asked = question;
                asked.by = by;
                const auto found = report(asked);
                QVERIFY(found.ok());
                wire::UsageRow parts;
                for (const wire::UsageRow& item : found->items) {
                    parts.requests += item.requests;
                    parts.failed += item.failed;
                    parts.promptTokens += item.promptTokens;
                    parts.cachedTokens += item.cachedTokens;
                    parts.completionTokens += item.completionTokens;
                    parts.reasoningTokens += item.reasoningTokens;
                    parts.costNanos += item.costNanos;
                    parts.estimated += item.estimated;
                }
                parts.title = "All";
                QVERIFY2(wire::toJson(parts) == wire::toJson(byHand), by);
                QVERIFY2(wire::toJson(found->total) == wire::toJson(byHand), by);
            }
        }
    }

    void aReportNamesPeopleRoutesAndTargets() {
        QVERIFY(store("s", {paid(1, "usr_b", "starter", "2026-11-01T00:00:00.000Z", 5), paid(2, "usr_a", "starter", "2026-11-02T00:00:00.000Z", 9)}).ok());
        const auto titles = [this](const char* by) {
            std::string all;
            const auto found = report({"2026-11-01", "2026-11-30", by, {}, {}});
            for (const wire::UsageRow& item : found->items)
                all += item.title + "; ";
            return all;
        };
        QCOMPARE(titles("person"), std::string("anna; ben; ")); // dearest first
        QCOMPARE(titles("route"), std::string("Starter model on this machine; "));
        QCOMPARE(titles("target"), std::string("starter: starter-target; "));
        QCOMPARE(titles("day"), std::string("2026-11-01; 2026-11-02; "));
        QCOMPARE(titles("key"), std::string("Workspaces; "));
    }

    void aRoutesTotalIsOfAllDays() {
        QVERIFY(store("s", {paid(1, "usr_b", "fast", "2020-11-01T00:00:00.000Z", 5), paid(2, "usr_a", "fast", "2026-11-02T00:00:00.000Z", 9)}).ok());
        const auto totals = await<std::vector<wire::UsageRow>>([this](auto done) { m_all->governance.usage.routeTotals(this, done); });
        QCOMPARE(totals->size(), std::size_t(1));
        QCOMPARE(totals->front().key, std::string("fast"));
        QCOMPARE(totals->front().requests, 2);
        QCOMPARE(totals->front().costNanos, 14);
    }

    void whatIsNoQuestionIsRefused() {
        for (const UsageQuestion& wrong : {UsageQuestion{"2026-11-31", "2026-12-01", "person", {}, {}}, {"2026-11-01", "yesterday", "person", {}, {}},
                                           {"2026-11-02", "2026-11-01", "person", {}, {}}, {"2020-01-01", "2026-01-01", "person", {}, {}},
                                           {"2026-11-01", "2026-11-02", "colour", {}, {}}, {"2026-1-1", "2026-11-02", "person", {}, {}}})
            QCOMPARE(report(wrong).error().code, ErrorCode::InvalidRequest);
    }

    void theCsvHasARowADayPersonRouteAndTarget() {
        auto evil = paid(3, "usr_gone", "fast", "2026-11-02T08:00:00.000Z", 0);
        evil.target = "=HYPERLINK(\"x\")";
        QVERIFY(store("s", {paid(1, "usr_b", "fast", "2026-11-01T00:00:00.000Z", 1'234'567'890), paid(2, "usr_b", "fast", "2026-11-01T05:00:00.000Z", 1), evil}).ok());
        const auto csv = await<std::string>([this](auto done) { m_all->governance.usage.csv("2026-11-01", "2026-11-30", this, done); });
        QCOMPARE(QString::fromStdString(*csv),
                 QStringLiteral("day,person,route,target,requests,failed,estimated,prompt_tokens,cached_tokens,completion_tokens,reasoning_tokens,cost_usd\r\n"
                                "2026-11-01,\"ben\",\"fast\",\"fast-target\",2,0,1,200,80,14,6,1.234567891\r\n"
                                "2026-11-02,\"usr_gone\",\"fast\",\"'=HYPERLINK(\"\"x\"\")\",1,0,0,100,40,7,3,0.000000000\r\n"));
    }

    void oldMonthsGoAndTheirSumsStay() {
        QVERIFY(store("s", {paid(1, "usr_a", "fast", "2020-01-05T00:00:00.000Z", 5), paid(2, "usr_a", "fast", toRfc3339(std::chrono::system_clock::now()).c_str(), 6)}).ok());
        QCOMPARE(sql("SELECT count(*) FROM usage_events_202001"), QStringLiteral("1"));
        const auto kept = await<wire::UsageKeeping>([this](auto done) { m_all->governance.usage.keep(3, store::systemActor(), this, done); });
        QCOMPARE(kept->months, 3);
        QCOMPARE(sql("SELECT count(*) FROM usage_events"), QStringLiteral("1"));
        QCOMPARE(sql("SELECT to_regclass('usage_events_202001') IS NULL"), QStringLiteral("t"));
        QCOMPARE(sql("SELECT sum(requests) FROM usage_days"), QStringLiteral("2"));
        QCOMPARE(sql("SELECT detail FROM audit_log WHERE action = 'usage.keeping'"), QStringLiteral("{\"months\":3}"));
        const auto refused = await<wire::UsageKeeping>([this](auto done) { m_all->governance.usage.keep(0, store::systemActor(), this, done); });
        QCOMPARE(refused.error().code, ErrorCode::InvalidRequest);
    }

    void theNextMonthsRoomIsThereBeforeItBegins() {
        ManualClock clock(fromUnixSeconds(1'893'456'000)); // 2030-01-01
        const Status turned = await<void>([&](auto done) {
            m_all->database->run([now = clock.now()](store::Transaction& tx) { return turnMonths(tx, now, 13); }, this, done);
        });
        QVERIFY(turned.ok());
        QCOMPARE(sql("SELECT to_regclass('usage_events_203002') IS NOT NULL"), QStringLiteral("t"));
    }
};

QTEST_GUILESS_MAIN(TestUsage)
#include "tst_usage.moc"
