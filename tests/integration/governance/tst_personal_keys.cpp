// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/digest.h"
#include "governance_fixture.h"

#include <QTest>

using namespace clawloops;
using namespace clawloops::governance;
using clawloops::test::await;

class TestPersonalKeys : public QObject {
    Q_OBJECT
    test::ThrowawayPostgres m_postgres;
    std::unique_ptr<test::GovernanceFixture> m_all;
    store::Actor m_ben{"usr_b", "ben", "", "req_1"};

    PersonalKeys& keys() { return m_all->governance.keys; }
    Result<wire::NewPersonalKey> create(const KeyWish& wish, const std::string& user = "usr_b") {
        return await<wire::NewPersonalKey>([&](auto done) { keys().create(user, wish, m_ben, this, done); });
    }
    Result<wire::PersonalKey> revoke(const std::string& id, const std::string& owner) {
        return await<wire::PersonalKey>([&](auto done) { keys().revoke(id, owner, m_ben, this, done); });
    }
    std::vector<wire::PersonalKey> list(const std::string& owner) {
        return *await<std::vector<wire::PersonalKey>>([&](auto done) { keys().list(owner, this, done); });
    }

private Q_SLOTS:
    void init() {
        QVERIFY2(m_postgres.ok(), qPrintable(m_postgres.problem()));
        m_all = std::make_unique<test::GovernanceFixture>(m_postgres);
        QVERIFY(m_all->configured);
    }
    void cleanup() { m_all.reset(); }

    void aKeyWorksWhenItsPersonSeesItAndOnlyItsHashIsKept() {
        const auto made = create({"Notebook", "2100-01-01T00:00:00Z", {"starter"}, true});
        QVERIFY(made.ok());
        QCOMPARE(made->secret.size(), std::size_t(47));
        QVERIFY(made->secret.starts_with("clk_"));
        QCOMPARE(made->key.prefix, made->secret.substr(0, 8));
        QCOMPARE(m_all->gateway.last.keys.size(), std::size_t(1));
        const gateway_verbs::Key& told = m_all->gateway.last.keys.front();
        QCOMPARE(told.keyId, made->key.keyId);
        QCOMPARE(told.user, std::string("usr_b"));
        QCOMPARE(told.tokenHash, toHex(sha256(made->secret)));
        QCOMPARE(told.expiresAt, std::string("2100-01-01T00:00:00.000Z"));
        QCOMPARE(told.routes, std::vector<std::string>{"starter"});
        QVERIFY(told.batch);
        const QString kept = m_postgres.sql(QStringLiteral("SELECT personal_keys::text FROM personal_keys")) +
                             m_postgres.sql(QStringLiteral("SELECT string_agg(detail, ' ') FROM audit_log"));
        QVERIFY(!kept.contains(QString::fromStdString(made->secret.substr(8))));
    }

    void aRevokedKeyIsGoneBeforeTheAnswer() {
        const auto made = create({"Notebook", "", {}, false});
        const governance::Limits::List limits{{"key", made->key.keyId, 5, 0, 0}};
        QVERIFY(await<governance::Limits::List>([&](auto done) { m_all->governance.limits.replace(limits, m_ben, this, done); }).ok());
        QCOMPARE(revoke(made->key.keyId, "usr_a").error().code, ErrorCode::NotFound); // somebody else's
        QCOMPARE(m_all->gateway.last.keys.size(), std::size_t(1));
        QVERIFY(revoke(made->key.keyId, "usr_b").ok());
        QVERIFY(m_all->gateway.last.keys.empty());
        QVERIFY(m_all->gateway.last.limits.empty());
        QCOMPARE(revoke(made->key.keyId, "usr_b").error().code, ErrorCode::NotFound);
        const auto another = create({"Other", "", {}, false});
        QVERIFY(revoke(another->key.keyId, {}).ok()); // by an admin
        QCOMPARE(m_postgres.sql(QStringLiteral("SELECT count(*) FROM audit_log WHERE action = 'key.revoke'")), QStringLiteral("2"));
    }

    void aDisabledPersonsKeysAndThoseThatRanOutAreNotTold() {
        QVERIFY(create({"Ben's", "", {}, false}).ok());
        const auto tell = [this] {
            const int before = m_all->gateway.configured;
            m_all->routes.configure(this, [](const auto&) {});
            return QTest::qWaitFor([this, before] { return m_all->gateway.configured > before; }, test::patience);
        };
        m_postgres.sql(QStringLiteral("UPDATE users SET status = 'disabled' WHERE id = 'usr_b'"));
        QVERIFY(tell());
        QVERIFY(m_all->gateway.last.keys.empty());
        m_postgres.sql(QStringLiteral("UPDATE users SET status = 'active' WHERE id = 'usr_b'"));
        QVERIFY(tell());
        QCOMPARE(m_all->gateway.last.keys.size(), std::size_t(1));
        m_postgres.sql(QStringLiteral("UPDATE personal_keys SET expires_at = now() - interval '1 second'"));
        QVERIFY(tell());
        QVERIFY(m_all->gateway.last.keys.empty());
    }

    void everybodySeesTheirOwnOnlyAndWhenTheyWereUsedLast() {
        const auto made = create({"Ben's", "", {}, false});
        QVERIFY(create({"Anna's", "", {}, false}, "usr_a").ok());
        QCOMPARE(list("usr_b").size(), std::size_t(1));
        QVERIFY(!list("usr_b").front().lastUsedAt);
        QCOMPARE(list({}).size(), std::size_t(2));
        gateway_verbs::UsageEvent event;
        event.seq = 1;
        event.requestId = "req_1";
        event.userId = "usr_b";
        event.route = "starter";
        event.keyId = made->key.keyId;
        event.startedAt = "2026-11-26T10:00:00.000Z";
        event.outcome = "ok";
        gateway_verbs::UsageEvent earlier = event;
        earlier.seq = 2;
        earlier.requestId = "req_2";
        earlier.startedAt = "2026-11-25T10:00:00.000Z";
        for (const auto& one : {event, earlier})
            QVERIFY(await<void>([&](auto done) {
                        m_all->database->run([one](store::Transaction& tx) { return storeUsage(tx, "s", {one}); }, this, done);
                    }).ok());
        QCOMPARE(list("usr_b").front().lastUsedAt.value_or(""), std::string("2026-11-26T10:00:00.000Z"));
    }

    void whatIsNoKeyIsRefused() {
        for (const KeyWish& wrong : {KeyWish{"", "", {}, false}, {"two\nlines", "", {}, false}, {"N", "tomorrow", {}, false}, {"N", "2020-01-01T00:00:00Z", {}, false},
                                     {"N", "2100-01-01T00:00:00", {}, false}, {"N", "", {"no-such-model"}, false}})
            QCOMPARE(create(wrong).error().code, ErrorCode::InvalidRequest);
        QCOMPARE(create({"N", "", {}, false}, "usr_none").error().code, ErrorCode::UserNotFound);
        m_postgres.sql(QStringLiteral("INSERT INTO personal_keys SELECT 'key_' || i, 'usr_b', 'n', 'p', lpad(i::text, 64, '0'), '[]', false, now()"
                                      " FROM generate_series(1, 50) AS i"));
        QCOMPARE(create({"N", "", {}, false}).error().code, ErrorCode::QuotaExceeded);
        QVERIFY(create({"N", "", {}, false}, "usr_a").ok());
    }
};

QTEST_GUILESS_MAIN(TestPersonalKeys)
#include "tst_personal_keys.moc"
