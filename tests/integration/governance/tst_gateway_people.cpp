// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "governance/gateway_people.h"
#include "support/open_database.h"

#include <QTest>

using namespace clawloops;
using clawloops::test::await;

class TestGatewayPeople : public QObject {
    Q_OBJECT
    test::ThrowawayPostgres m_postgres;
    std::unique_ptr<store::Database> m_database;

    gateway_verbs::Configuration read() {
        return *await<gateway_verbs::Configuration>([this](auto done) {
            m_database->run(
                [](store::Transaction& tx) -> Result<gateway_verbs::Configuration> {
                    gateway_verbs::Configuration into;
                    if (const Status filled = governance::readPeople(tx, into); !filled)
                        return filled.error();
                    return into;
                },
                this, done);
        });
    }

private Q_SLOTS:
    void init() {
        QVERIFY2(m_postgres.ok(), qPrintable(m_postgres.problem()));
        m_database = test::openFresh(m_postgres);
        QVERIFY(m_database);
        m_postgres.sql(QStringLiteral("INSERT INTO users (id, username, role, status, password_hash, frozen) VALUES"
                                      " ('usr_a', 'anna', 'admin', 'active', 'x', ''), ('usr_b', 'ben', 'user', 'active', 'x', 'A loop ran.'),"
                                      " ('usr_c', 'cleo', 'user', 'disabled', 'x', '')"));
        m_postgres.sql(QStringLiteral("INSERT INTO groups (id, name) VALUES ('grp_1', 'Team'), ('grp_2', 'Lab')"));
        m_postgres.sql(QStringLiteral("INSERT INTO group_members VALUES ('grp_1', 'usr_a'), ('grp_2', 'usr_a'), ('grp_1', 'usr_c')"));
    }
    void cleanup() { m_database.reset(); }

    void activePeopleWithTheirGroupsAndWhoIsFrozen() {
        const auto told = read();
        QCOMPARE(told.people.size(), std::size_t(2));
        QCOMPARE(told.people[0].user, std::string("usr_a"));
        QCOMPARE(told.people[0].name, std::string("anna"));
        QCOMPARE(told.people[0].role, std::string("admin"));
        QCOMPARE(told.people[0].groups, (std::vector<std::string>{"grp_1", "grp_2"}));
        QCOMPARE(told.people[0].frozen, std::string());
        QCOMPARE(told.people[1].frozen, std::string("A loop ran."));
        QCOMPARE(told.frozenAll, std::string());
    }

    // Two days of 80 and 160 an hour; a day without spending, today, and a day of long ago count for nothing.
    void theUsualIsWhatADayThatTheySpendOnTakesAnHour() {
        m_postgres.sql(QStringLiteral("INSERT INTO usage_sums SELECT 'user', 'usr_a', (now() AT TIME ZONE 'UTC')::date - ago, 1, 0, 0, 0, 0, 0, 0, cost FROM"
                                      " (VALUES (1, 640), (5, 1280), (6, 0), (0, 99999), (40, 99999)) AS days (ago, cost)"));
        const auto told = read();
        QCOMPARE(told.people[0].usualNanosPerHour, 120);
        QCOMPARE(told.people[1].usualNanosPerHour, 0);
    }

    void whenAllAreFrozenTheSentenceSaysSo() {
        m_postgres.sql(QStringLiteral("INSERT INTO settings (key, value) VALUES ('frozen_all', '{\"sentence\": \"The bill is being looked at.\"}')"));
        QCOMPARE(read().frozenAll, std::string("The bill is being looked at."));
    }
};

QTEST_GUILESS_MAIN(TestGatewayPeople)
#include "tst_gateway_people.moc"
