// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/files.h"
#include "doubles.h"
#include "orchestrator/credentials.h"
#include "support/open_database.h"

#include <QTemporaryDir>
#include <QTest>

#include <filesystem>

using namespace clawloops;
using namespace clawloops::orchestrator;
using clawloops::test::await;

namespace {
constexpr int patience = 60'000;
}

class TestCredentials : public QObject {
    Q_OBJECT

    test::ThrowawayPostgres m_postgres;
    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<store::Database> m_database;
    std::unique_ptr<test::ObedientGateway> m_gateway;
    EventHub m_hub;
    SystemClock m_clock;
    std::unique_ptr<ModelRoutes> m_routes;
    std::unique_ptr<Credentials> m_credentials;
    store::Actor m_admin{"usr_a", "anna", "", "req_1"};

    std::filesystem::path file() const { return m_folder->filePath(QStringLiteral("master.key")).toStdString(); }
    std::filesystem::path nextFile() const { return file().string() + ".next"; }

    // As after a start of the process: nothing is remembered but the files and the database.
    void startAgain() {
        m_credentials.reset();
        m_routes.reset();
        m_gateway = std::make_unique<test::ObedientGateway>();
        m_routes = std::make_unique<ModelRoutes>(*m_database, *m_gateway, m_hub, m_clock, ModelRoutes::ComponentUrls{{"litellm", "unix:/run/litellm.sock"}});
        m_credentials = std::make_unique<Credentials>(*m_database, *m_routes, m_clock, MasterKey(file()));
        m_routes->start();
        QTRY_COMPARE_WITH_TIMEOUT(m_gateway->configured, 1, patience);
    }
    Result<wire::Credential> create(const std::string& name, const std::string& provider, const std::string& secret) {
        return await<wire::Credential>([&](auto done) { m_credentials->create(name, provider, Secret(secret), m_admin, this, done); });
    }
    Result<wire::Credential> edit(const std::string& id, std::optional<std::string> name, std::optional<Secret> secret) {
        return await<wire::Credential>([&](auto done) { m_credentials->edit(id, name, secret, m_admin, this, done); });
    }
    Result<wire::Credential> remove(const std::string& id) {
        return await<wire::Credential>([&](auto done) { m_credentials->remove(id, m_admin, this, done); });
    }
    Result<wire::MasterKeyRotation> rotate() {
        return await<wire::MasterKeyRotation>([&](auto done) { m_credentials->rotateMasterKey(m_admin, this, done); });
    }
    std::vector<wire::Credential> list() {
        return *await<std::vector<wire::Credential>>([&](auto done) { m_credentials->list(this, done); });
    }
    void use(const std::string& credentialId) {
        wire::Route route{"claude", "Claude", true, {{"far", "litellm", "claude", 1, ""}}};
        route.targets[0].provider = "anthropic";
        route.targets[0].credentialId = credentialId;
        const auto made = await<wire::Route>([&](auto done) { m_routes->create(route, m_admin, this, done); });
        QVERIFY2(made.ok(), made.ok() ? "" : made.error().message.c_str());
    }
    std::string told() const { // the secret that the gateway has for the route
        for (const gateway_verbs::Route& route : m_gateway->last.routes)
            if (route.name == "claude")
                return std::string(route.targets.at(0).credential.reveal());
        return "no route";
    }
    QString everything() const { // as text, what the database holds
        return m_postgres.sql(QStringLiteral("SELECT coalesce(string_agg(c::text, ' '), '') || (SELECT coalesce(string_agg(a::text, ' '), '') FROM audit_log a) ||"
                                             " (SELECT string_agg(r::text, ' ') FROM routes r) FROM provider_credentials c"));
    }

private Q_SLOTS:
    void init() {
        QVERIFY2(m_postgres.ok(), qPrintable(m_postgres.problem()));
        m_folder = std::make_unique<QTemporaryDir>();
        m_database = test::openFresh(m_postgres);
        QVERIFY(m_database);
        startAgain();
    }
    void cleanup() {
        m_credentials.reset();
        m_routes.reset();
        m_gateway.reset();
        m_database.reset();
    }

    void aSecretGoesToTheGatewayAndNowhereElse() {
        const auto made = create("Ours", "anthropic", "sk-canary-51a7");
        QVERIFY2(made.ok(), made.ok() ? "" : (made.error().message + made.error().detail).c_str());
        use(made->credentialId);
        QCOMPARE(told(), std::string("sk-canary-51a7"));
        QVERIFY(!everything().contains(QStringLiteral("canary")));
        QVERIFY(json::serialize(wire::toJson(list().at(0))).find("canary") == std::string::npos);
        QCOMPARE(list().at(0).usedBy, std::vector<std::string>{"claude"});
        QCOMPARE(readFile(file())->size(), std::size_t(32));
        QCOMPARE(std::filesystem::status(file()).permissions(), std::filesystem::perms::owner_read);
        startAgain();
        QCOMPARE(told(), std::string("sk-canary-51a7"));
    }

    void anotherSecretIsUsedOnceItIsAnswered() {
        const auto made = create("Ours", "anthropic", "sk-old");
        use(made->credentialId);
        QVERIFY(edit(made->credentialId, "Team's", std::nullopt).ok());
        QCOMPARE(told(), std::string("sk-old"));
        const auto changed = edit(made->credentialId, std::nullopt, Secret("sk-new"));
        QVERIFY(changed.ok() && changed->name == "Team's" && changed->changedAt >= made->changedAt);
        QCOMPARE(told(), std::string("sk-new"));
        QCOMPARE(m_postgres.sql(QStringLiteral("SELECT string_agg(action, ' ' ORDER BY seq) FROM audit_log WHERE subject LIKE 'crd_%'")),
                 QStringLiteral("credential.create credential.change credential.rotate"));
    }

    void oneInUseStays() {
        const auto made = create("Ours", "anthropic", "sk-old");
        use(made->credentialId);
        QCOMPARE(remove(made->credentialId).error().code, ErrorCode::RuntimeActionConflict);
        QVERIFY(await<wire::Route>([&](auto done) { m_routes->remove("claude", m_admin, this, done); }).ok());
        QVERIFY(remove(made->credentialId).ok());
        QCOMPARE(remove(made->credentialId).error().code, ErrorCode::NotFound);
        QCOMPARE(edit(made->credentialId, "x", std::nullopt).error().code, ErrorCode::NotFound);
    }

    void whatIsNoCredentialIsRefusedAndLeavesNothing() {
        QCOMPARE(create("", "groq", "k").error().code, ErrorCode::InvalidRequest);
        QCOMPARE(create("two\nlines", "groq", "k").error().code, ErrorCode::InvalidRequest);
        QCOMPARE(create("x", "groq/x", "k").error().code, ErrorCode::InvalidRequest);
        QCOMPARE(create("x", "groq", "").error().code, ErrorCode::InvalidRequest);
        QCOMPARE(create("x", "groq", "k\r\nX-Evil: 1").error().code, ErrorCode::InvalidRequest); // it becomes part of a header
        QVERIFY(list().empty());
        QVERIFY(create("Ours", "groq", "k").ok());
        QCOMPARE(create("OURS", "groq", "k").error().code, ErrorCode::RuntimeActionConflict);
    }

    void aRowMovedToAnotherOpensNoMore() {
        const auto mine = create("Mine", "anthropic", "sk-mine");
        const auto other = create("Other", "anthropic", "sk-other");
        use(mine->credentialId);
        m_postgres.sql(QStringLiteral("UPDATE provider_credentials SET sealed = (SELECT sealed FROM provider_credentials WHERE name = 'Other')"));
        startAgain();
        QCOMPARE(told(), std::string("no route")); // its only target is left out: nothing goes out with a wrong key
    }

    void theMasterKeyIsChangedAndEverythingStillOpens() {
        const auto made = create("Ours", "anthropic", "sk-mine");
        use(made->credentialId);
        const std::string first = *readFile(file());
        const auto done = rotate();
        QVERIFY2(done.ok(), done.ok() ? "" : done.error().message.c_str());
        QCOMPARE(done->keyVersion, 2);
        QCOMPARE(done->credentials, 1);
        QVERIFY(*readFile(file()) != first);
        QVERIFY(!std::filesystem::exists(nextFile()));
        QCOMPARE(told(), std::string("sk-mine"));
        startAgain();
        QCOMPARE(told(), std::string("sk-mine"));
        QVERIFY(rotate()->keyVersion == 3 && create("Second", "groq", "k").ok());
        QCOMPARE(m_postgres.sql(QStringLiteral("SELECT string_agg(key_version::text, ' ') FROM provider_credentials")), QStringLiteral("3 3"));
    }

    void aChangeCutOffBeforeItsCommitLeavesTheOldKey() {
        const auto made = create("Ours", "anthropic", "sk-mine");
        use(made->credentialId);
        QVERIFY(MasterKey(file()).makeNext(2).ok()); // and then the process was killed
        startAgain();
        QCOMPARE(told(), std::string("sk-mine"));
        QVERIFY(rotate().ok());
        startAgain();
        QCOMPARE(told(), std::string("sk-mine"));
    }

    void aChangeCutOffAfterItsCommitLeavesTheNewKey() {
        const auto made = create("Ours", "anthropic", "sk-mine");
        use(made->credentialId);
        const std::string first = *readFile(file());
        QVERIFY(rotate().ok());
        // As if it had been killed between the commit and the file's renaming.
        std::filesystem::rename(file(), nextFile());
        QVERIFY(writeFileAtomically(file(), first, 0400).ok());
        startAgain();
        QCOMPARE(told(), std::string("sk-mine"));
        QVERIFY(create("Second", "groq", "k").ok());
        // One that fails must not have written over the only key that opens them.
        m_postgres.sql(QStringLiteral("ALTER TABLE audit_log RENAME TO away"));
        QVERIFY(!rotate().ok());
        m_postgres.sql(QStringLiteral("ALTER TABLE away RENAME TO audit_log"));
        startAgain();
        QCOMPARE(told(), std::string("sk-mine"));
        QVERIFY(rotate().ok());
        QCOMPARE(told(), std::string("sk-mine"));
        startAgain();
        QCOMPARE(told(), std::string("sk-mine"));
    }

    void aLostMasterKeyIsNeverReplaced() {
        QVERIFY(create("Ours", "anthropic", "sk-mine").ok());
        std::filesystem::remove(file());
        const auto refused = create("Second", "groq", "k");
        QVERIFY(!refused.ok() && refused.error().message.find("backup") != std::string::npos);
        QVERIFY(!std::filesystem::exists(file()));
        QVERIFY(!rotate().ok());
    }

    void firstCredentialsMadeAtOnceShareOneKey() {
        int answered = 0;
        int fine = 0;
        for (int i = 0; i < 8; ++i)
            m_credentials->create("c" + std::to_string(i), "groq", Secret("k"), m_admin, this, [&](const Result<wire::Credential>& made) {
                ++answered;
                fine += made.ok();
            });
        QTRY_COMPARE_WITH_TIMEOUT(answered, 8, patience);
        QCOMPARE(fine, 8);
        startAgain();
        QVERIFY(rotate().ok()); // opens each of them
        QCOMPARE(m_postgres.sql(QStringLiteral("SELECT count(*) FROM provider_credentials WHERE key_version = 2")), QStringLiteral("8"));
    }
};

QTEST_GUILESS_MAIN(TestCredentials)
#include "tst_credentials.moc"
