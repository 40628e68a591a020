// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The real gateway, the control plane's pump and a real PostgreSQL that comes and goes: models are served all the time, and each
// answer gets its one row, by request id.
#include "gateway_harness.h"
#include "governance/usage_pump.h"
#include "link/control_client.h"
#include "orchestrator/ports/gateway_port.h"
#include "support/open_database.h"

#include <QTest>
#include <set>

using namespace clawloops;
using namespace clawloops::test;

namespace {
constexpr int longest = 90'000; // the pump looks every 10 s, the database's back-off and a slow machine come on top
}

class TestDatabaseAway : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void theSpoolKeepsWhatTheDatabaseCannotTakeAndEachRowComesOnce() {
        QVERIFY2(m_postgres.ok(), qPrintable(m_postgres.problem()));
        auto database = openFresh(m_postgres);
        QVERIFY(database);
        GatewayHarness gateway;
        Upstream& up = gateway.upstream(QStringLiteral("up"));
        gateway.start();
        gateway.configure({up.url()});
        ControlClient link(gateway.path("run/gateway/control.sock"), "The gateway");
        orchestrator::GatewayPort port(link);
        orchestrator::EventHub hub;
        governance::UsagePump pump(*database, port, hub);
        link.open();
        pump.start();

        ask(gateway, 3);
        QTRY_COMPARE_WITH_TIMEOUT(rows(), 3, longest);

        m_postgres.stop();
        ask(gateway, 5); // nobody waits for the database
        QTRY_COMPARE_WITH_TIMEOUT(spooled(gateway), 8, longest);
        QTest::qWait(500); // the pump tries meanwhile, and fails
        QCOMPARE(acked(gateway), 3);
        gateway.kill(); // what waits in the spool outlives it
        gateway.start();
        gateway.configure({up.url()});
        QVERIFY(m_postgres.start());
        QTRY_COMPARE_WITH_TIMEOUT(rows(), 8, longest);
        QTRY_COMPARE_WITH_TIMEOUT(acked(gateway), 8, longest);

        m_postgres.kill();
        ask(gateway, 4);
        QVERIFY(m_postgres.start());
        ask(gateway, 2);
        QTRY_COMPARE_WITH_TIMEOUT(rows(), 14, longest);
        QTRY_COMPARE_WITH_TIMEOUT(acked(gateway), 14, longest);
        const QStringList stored = m_postgres.sql(QStringLiteral("SELECT string_agg(request_id, ' ') FROM usage_events")).split(QLatin1Char(' '));
        QCOMPARE(std::set<QString>(stored.begin(), stored.end()), m_ids);
        QCOMPARE(stored.size(), 14); // none twice
        QCOMPARE(up.journal("request").size(), std::size_t(14));
    }

private:
    void ask(GatewayHarness& gateway, int times) {
        for (int i = 0; i < times; ++i) {
            const Answer answer = gateway.ask("/v1/chat/completions", chatBody(i % 2 == 0));
            QVERIFY(answer.whole);
            m_ids.insert(QString::fromStdString(answer.fields.at("x-request-id")));
        }
    }
    int rows() { return m_postgres.sql(QStringLiteral("SELECT count(*) FROM usage_events")).toInt(); }
    static int spooled(GatewayHarness& gateway) { return gateway.control("stats").at("ok").at("usageLast").to_number<int>(); }
    static int acked(GatewayHarness& gateway) { return gateway.control("stats").at("ok").at("usageAcked").to_number<int>(); }
    ThrowawayPostgres m_postgres;
    std::set<QString> m_ids;
};

QTEST_GUILESS_MAIN(TestDatabaseAway)
#include "tst_database_away.moc"
