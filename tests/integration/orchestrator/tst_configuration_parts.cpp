// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "orchestrator/configuration_parts.h"
#include "support/open_database.h"

#include <QTest>

#include <future>

using namespace clawloops;
using namespace clawloops::orchestrator;
using clawloops::test::await;

class TestConfigurationParts : public QObject {
    Q_OBJECT
    test::ThrowawayPostgres m_postgres;
    std::unique_ptr<store::Database> m_database;

    static std::int64_t groups(store::Transaction& tx) { return tx.query("SELECT count(*) FROM groups")->front().integer(0); }
    Result<gateway_verbs::Configuration> read(const ConfigurationParts& parts) {
        return await<gateway_verbs::Configuration>([&](auto done) {
            m_database->run([parts](store::Transaction& tx) { return parts.read(tx); }, this, done);
        });
    }

private Q_SLOTS:
    void init() {
        QVERIFY2(m_postgres.ok(), qPrintable(m_postgres.problem()));
        m_database = test::openFresh(m_postgres);
        QVERIFY(m_database);
    }
    void cleanup() { m_database.reset(); }

    void thePartsAreOfOneMomentWhateverHappensBetweenThem() {
        std::promise<void> firstRead;
        std::promise<void> changed;
        std::shared_future<void> wait = changed.get_future().share();
        ConfigurationParts parts;
        parts.add([&firstRead](store::Transaction& tx, gateway_verbs::Configuration& into) -> Status {
            into.baseline.seq = groups(tx);
            firstRead.set_value();
            return {};
        });
        parts.add([wait](store::Transaction& tx, gateway_verbs::Configuration& into) -> Status {
            wait.wait();
            into.revision = groups(tx);
            return {};
        });
        auto outcome = std::make_shared<std::optional<Result<gateway_verbs::Configuration>>>();
        m_database->run([parts](store::Transaction& tx) { return parts.read(tx); }, this,
                        [outcome](Result<gateway_verbs::Configuration> read) { *outcome = std::move(read); });
        firstRead.get_future().wait();
        m_postgres.sql(QStringLiteral("INSERT INTO groups (id, name) VALUES ('grp_1', 'Team')"));
        changed.set_value();
        QTRY_VERIFY(outcome->has_value());
        QVERIFY((*outcome)->ok());
        QCOMPARE((**outcome)->baseline.seq, 0);
        QCOMPARE((**outcome)->revision, 0);
        const auto later = await<std::int64_t>([this](auto done) {
            m_database->run([](store::Transaction& tx) -> Result<std::int64_t> { return groups(tx); }, this, done);
        });
        QCOMPARE(*later, 1);
    }

    void aPartThatFailsLeavesNoHalfOfAConfiguration() {
        ConfigurationParts parts;
        parts.add([](store::Transaction&, gateway_verbs::Configuration& into) -> Status {
            into.frozenAll = "read";
            return {};
        });
        parts.add([](store::Transaction& tx, gateway_verbs::Configuration&) { return tx.exec("SELECT 1 FROM no_such_table"); });
        QCOMPARE(read(parts).error().code, ErrorCode::Internal);
    }

    void aPartCannotChangeAnything() {
        ConfigurationParts parts;
        parts.add([](store::Transaction& tx, gateway_verbs::Configuration&) { return tx.exec("INSERT INTO groups (id, name) VALUES ('grp_1', 'Team')"); });
        QVERIFY(!read(parts).ok());
        QCOMPARE(m_postgres.sql(QStringLiteral("SELECT count(*) FROM groups")), QStringLiteral("0"));
    }
};

QTEST_GUILESS_MAIN(TestConfigurationParts)
#include "tst_configuration_parts.moc"
