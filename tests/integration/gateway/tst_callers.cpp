// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Who may ask at all: personal keys, people who are frozen, limits of a key, and that each is told why not.
#include "gateway_harness.h"

#include "base/digest.h"

#include <QFile>
#include <QSslConfiguration>
#include <QSslKey>
#include <QSslSocket>
#include <QTest>

using namespace clawloops;
using namespace clawloops::test;

namespace {

constexpr const char* keyOfA = "clk_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
constexpr const char* oldKeyOfA = "clk_ooooooooooooooooooooooooooooooooooooooooooo";

json::object key(const char* id, const char* user, const char* token, const char* expires = "") {
    return {{"keyId", id}, {"user", user}, {"tokenHash", toHex(sha256(token))}, {"expiresAt", expires}};
}

} // namespace

class TestCallers : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { m_gateway.start(); }
    void init() {
        m_configuration = m_gateway.configurationFor({m_gateway.upstream(QStringLiteral("up")).url()}, "m");
        m_configuration["routes"].as_array()[0].as_object()["everyone"] = true;
        m_configuration["keys"] = json::array{key("key_a", "usr_a", keyOfA), key("key_old", "usr_a", oldKeyOfA, "2020-01-01T00:00:00.000Z")};
        configure();
    }
    void aPersonalKeyOpensTheSameDoor() {
        const Answer models = byKey("GET /v1/models", {}, keyOfA);
        QCOMPARE(models.status, 200);
        QVERIFY(models.body.find("\"id\":\"m\"") != std::string::npos);
        const std::size_t before = m_gateway.usage().size();
        const Answer answer = byKey("POST /v1/chat/completions", chatBody(false), keyOfA);
        QCOMPARE(answer.status, 200);
        const json::object event = m_gateway.waitForUsage(before + 1).back();
        QCOMPARE(event.at("keyId").as_string(), json::string("key_a"));
        QCOMPARE(event.at("cellId").as_string(), json::string(""));
        QCOMPARE(event.at("userId").as_string(), json::string("usr_a"));
    }
    void aWrongAnOldAndARevokedKeyAreRefused() {
        QCOMPARE(byKey("GET /v1/models", {}, "clk_wrong").status, 401);
        QCOMPARE(byKey("GET /v1/models", {}, GatewayHarness::tokenA).status, 401); // a cell's token is good in its cell only
        const Answer old = byKey("GET /v1/models", {}, oldKeyOfA);
        QCOMPARE(old.status, 401);
        QVERIFY(old.body.find("2020-01-01") != std::string::npos);
        QCOMPARE(byKey("GET /v1/models", {}, keyOfA).status, 200);
        m_configuration["keys"] = json::array();
        configure();
        QCOMPARE(byKey("GET /v1/models", {}, keyOfA).status, 401);
        // Nor does a key open a cell's socket.
        QCOMPARE(m_gateway.ask("/v1/chat/completions", chatBody(false), GatewayHarness::cellA, keyOfA).status, 401);
    }
    void whoeverIsFrozenIsToldWhyAndLosesWhatIsUnderWay() {
        m_configuration["routes"].as_array()[0].as_object()["targets"].as_array()[0].as_object()["url"] =
            m_gateway.upstream(QStringLiteral("stall"), R"([{"text":"one two three","stall":2}])").url();
        configure();
        auto running = RawClient::local(m_gateway.socketOf(GatewayHarness::cellA));
        running.send(GatewayHarness::post("/v1/chat/completions", chatBody(true)));
        running.receive("one ");
        auto other = RawClient::local(m_gateway.socketOf(GatewayHarness::cellB));
        other.send(GatewayHarness::post("/v1/chat/completions", chatBody(true), GatewayHarness::tokenB));
        other.receive("one ");
        const std::size_t before = m_gateway.usage().size();
        m_configuration["people"].as_array()[0].as_object()["frozen"] = "The bill of last night.";
        const auto since = std::chrono::steady_clock::now();
        configure();
        running.receive({}, std::chrono::seconds(5));
        QVERIFY(running.sawEnd());
        QVERIFY(std::chrono::steady_clock::now() - since < std::chrono::seconds(1));
        QCOMPARE(m_gateway.waitForUsage(before + 1).back().at("outcome").as_string(), json::string("cut"));
        for (const Answer& answer : {m_gateway.ask("/v1/chat/completions", chatBody(false)), byKey("POST /v1/chat/completions", chatBody(false), keyOfA)}) {
            QCOMPARE(answer.status, 403);
            QVERIFY(answer.body.find("The bill of last night.") != std::string::npos);
        }
        QCOMPARE(m_gateway.control("refusals", {{"limit", 1}}).at("ok").at("refusals").as_array()[0].at("rule").as_string(), json::string("frozen"));
        // The other person's goes on.
        QVERIFY(!other.sawEnd());
        QCOMPARE(m_gateway.control("stats").at("ok").at("open").to_number<int>(), 1);
        m_configuration["frozenAll"] = "Everything stands still.";
        configure();
        other.receive({}, std::chrono::seconds(5));
        QVERIFY(other.sawEnd());
        QCOMPARE(m_gateway.ask("/v1/chat/completions", chatBody(false), GatewayHarness::cellB, GatewayHarness::tokenB).status, 403);
        // Released, it works again.
        m_configuration["frozenAll"] = "";
        m_configuration["people"].as_array()[0].as_object()["frozen"] = "";
        configure();
        QVERIFY(m_gateway.ask("/v1/models", {}).status != 403);
    }
    void aLimitOfAKeyIsSaidBeforeItIsReachedAndKept() {
        m_configuration["limits"] = json::array{json::object{{"scope", "key"}, {"subject", "key_a"}, {"requestsPerMinute", 2}}};
        configure();
        const Answer first = byKey("POST /v1/chat/completions", chatBody(false), keyOfA);
        QCOMPARE(first.status, 200);
        QCOMPARE(first.fields.at("x-ratelimit-limit-requests"), std::string("2"));
        QCOMPARE(first.fields.at("x-ratelimit-remaining-requests"), std::string("1"));
        const Answer second = byKey("POST /v1/messages", chatBody(false), keyOfA);
        QCOMPARE(second.status, 200);
        QCOMPARE(second.fields.at("anthropic-ratelimit-requests-remaining"), std::string("0"));
        const Answer third = byKey("POST /v1/chat/completions", chatBody(false), keyOfA);
        QCOMPARE(third.status, 429);
        QVERIFY(std::stoi(third.fields.at("retry-after")) >= 1);
        QCOMPARE(m_gateway.control("refusals", {{"limit", 1}}).at("ok").at("refusals").as_array()[0].at("rule").as_string(), json::string("requests_per_minute"));
        QCOMPARE(m_gateway.ask("/v1/chat/completions", chatBody(false)).status, 200); // the cell has no such limit
    }

private:
    void configure() {
        const auto reply = m_gateway.configure(m_configuration);
        QVERIFY2(reply.contains("ok"), json::serialize(reply).c_str());
    }
    Answer byKey(const QByteArray& line, const std::string& body, const char* token) {
        const auto contents = [this](const char* name) {
            QFile file(m_gateway.path(name));
            return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
        };
        QSslSocket socket;
        QSslConfiguration tls = QSslConfiguration::defaultConfiguration();
        tls.setCaCertificates(QSslCertificate::fromData(contents("server-ca.crt")));
        tls.setLocalCertificate(QSslCertificate(contents("client.crt")));
        tls.setPrivateKey(QSslKey(contents("client.key"), QSsl::Ec));
        socket.setSslConfiguration(tls);
        socket.setPeerVerifyName(QStringLiteral("clawloops.internal"));
        socket.connectToHostEncrypted(QStringLiteral("127.0.0.1"), static_cast<quint16>(m_gateway.port()));
        if (!socket.waitForEncrypted(10'000))
            return {};
        socket.write(line + " HTTP/1.1\r\nHost: models\r\nConnection: close\r\nContent-Type: application/json\r\nAuthorization: Bearer " + token +
                     "\r\nContent-Length: " + QByteArray::number(static_cast<qint64>(body.size())) + "\r\n\r\n" + QByteArray::fromStdString(body));
        QByteArray text;
        while (socket.waitForReadyRead(10'000))
            text += socket.readAll();
        return parseAnswer((text + socket.readAll()).toStdString());
    }
    GatewayHarness m_gateway;
    json::object m_configuration;
};

QTEST_GUILESS_MAIN(TestCallers)
#include "tst_callers.moc"
