// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "relay_fixture.h"

#include <QFile>
#include <QtTest>
#include <openssl/ssl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace clawloops;
using namespace clawloops::test;

// Who gets through to a cell, and as whom (threat rows 1, 2, 3 and 7).
class TestRelayGrants : public QObject {
    Q_OBJECT

    std::unique_ptr<RelayFixture> m_relay;
    std::unique_ptr<CellDouble> m_cell;

    void mustBeDenied(const std::string& raw) {
        const int before = m_cell->connections;
        const std::string answer = m_relay->ask(raw);
        QVERIFY2(answer.starts_with("HTTP/1.1 403") || answer.starts_with("HTTP/1.1 400"), (raw + "\n->\n" + answer).c_str());
        QCOMPARE(m_cell->connections.load(), before); // not one byte reached the cell
    }

private Q_SLOTS:
    void init() {
        m_relay = std::make_unique<RelayFixture>();
        m_cell = m_relay->cell(cells::honest);
    }
    void cleanup() {
        m_cell.reset();
        m_relay.reset();
    }

    void aGoodGrantReachesTheCell() {
        const std::string answer = m_relay->ask(m_relay->request("/w/anna/x?y=1"));
        QVERIFY2(answer.starts_with("HTTP/1.1 200") && answer.ends_with("hello"), answer.c_str());
        QVERIFY(answer.find("X-Request-Id: req_aaaaaaaaaaaaaaaaaaaa") != std::string::npos);
        QVERIFY(m_cell->lastRequest().starts_with("GET /w/anna/x?y=1 HTTP/1.1\r\n"));
        QTRY_VERIFY(m_relay->log().find("\"status\":200") != std::string::npos);
        QVERIFY(m_relay->log().find("\"rid\":\"req_aaaaaaaaaaaaaaaaaaaa\"") != std::string::npos);
    }

    void withoutAGrantNothingReachesTheCell() {
        mustBeDenied("GET /w/anna/ HTTP/1.1\r\nHost: box.lan:8444\r\n\r\n");
    }

    void aForgedExpiredOrForeignGrantOpensNothing_data() {
        QTest::addColumn<int>("kind");
        const QStringList names{"forged signature", "other key", "expired", "too long", "session expired", "other host", "other prefix",
                                "user and prefix differ", "no cell", "cell with steps", "twice", "no prefix"};
        for (int i = 0; i < names.size(); ++i)
            QTest::newRow(qPrintable(names[i])) << i;
    }
    void aForgedExpiredOrForeignGrantOpensNothing() {
        QFETCH(int, kind);
        Grant grant = m_relay->grant();
        const std::string target = "/w/anna/";
        const auto before = std::chrono::seconds(100);
        std::string raw;
        switch (kind) {
        case 0: {
            raw = m_relay->request(target);
            const auto end = raw.find("\r\nX-Forwarded-For");
            raw[end - 10] = raw[end - 10] == 'A' ? 'B' : 'A';
            break;
        }
        case 1: raw = "GET " + target + " HTTP/1.1\r\nHost: box.lan:8444\r\nX-Clawloops-Grant: " + signGrant(grant, Secret(std::string(32, 'k'))) + "\r\n\r\n"; break;
        case 2: grant.expires -= before; break;
        case 3: grant.expires += before; break;
        case 4: grant.sessionExpires = grant.expires - before; break;
        case 5: grant.host = "evil.lan:8444"; break;
        case 6: grant.user = "bert"; grant.prefix = "/w/bert/"; break;
        case 7: grant.user = "bert"; break;
        case 8: grant.cell = ""; break;
        case 9: grant.cell = "../../etc/pas"; break;
        case 10: raw = m_relay->request(target, "X-Clawloops-Grant: " + m_relay->signedGrant(grant) + "\r\n"); break;
        case 11: grant.prefix = "/"; break;
        default: QFAIL("no such row");
        }
        mustBeDenied(raw.empty() ? m_relay->requestWith(grant, target) : raw);
    }

    void aDeniedRequestIsFoundByItsId_data() {
        QTest::addColumn<QByteArray>("fields");
        QTest::addColumn<QByteArray>("id"); // empty: one of the relay's own
        QTest::newRow("as the session check gave it") << QByteArray("X-Request-Id: req_bbbbbbbbbbbbbbbbbbbb\r\n") << QByteArray("req_bbbbbbbbbbbbbbbbbbbb");
        QTest::newRow("none") << QByteArray() << QByteArray();
        QTest::newRow("no id of ours") << QByteArray("X-Request-Id: req_bbbbbbbbbbbbbbbbbbb!\r\n") << QByteArray();
        QTest::newRow("two") << QByteArray("X-Request-Id: req_bbbbbbbbbbbbbbbbbbbb\r\nX-Request-Id: req_cccccccccccccccccccc\r\n") << QByteArray();
    }
    void aDeniedRequestIsFoundByItsId() {
        QFETCH(QByteArray, fields);
        QFETCH(QByteArray, id);
        const QByteArray answer = QByteArray::fromStdString(
            m_relay->ask("GET /w/anna/ HTTP/1.1\r\nHost: box.lan:8444\r\n" + fields.toStdString() + "\r\n"));
        const qsizetype at = answer.indexOf("X-Request-Id: req_");
        QVERIFY2(answer.startsWith("HTTP/1.1 403") && at > 0, answer.constData());
        const QByteArray given = answer.mid(at + 14, 24);
        QVERIFY(id.isEmpty() ? !fields.contains(given) : given == id);
        const QByteArray line = "\"a request was denied\",\"rid\":\"" + given + '"';
        QTRY_VERIFY2(QByteArray::fromStdString(m_relay->log()).contains(line), m_relay->log().c_str());
    }

    void aTargetOutsideTheGrantsPrefixIsDenied_data() {
        QTest::addColumn<QByteArray>("target");
        for (const char* target : {"/", "/api/v1/admin/rpc", "/v1/chat/completions", "/w/ann", "/w/bert", "/w/bert/", "/w/annabel/", "/w/anna/../bert/",
                                   "/w/anna/..%2fbert", "/w/%61nna/", "//w/anna/", "/w/anna//api", "https://box.lan:8444/w/anna/", "/w/anna/%252e%252e/"})
            QTest::newRow(target) << QByteArray(target);
    }
    void aTargetOutsideTheGrantsPrefixIsDenied() {
        QFETCH(QByteArray, target);
        mustBeDenied(m_relay->request(target.toStdString()));
    }

    void theHostIsTheGrantsAndNoOther() {
        std::string raw = m_relay->request("/w/anna/");
        mustBeDenied(QString::fromStdString(raw).replace("Host: box.lan:8444", "Host: evil.lan:8444").toStdString());
        mustBeDenied(QString::fromStdString(raw).replace("Host: box.lan:8444", "Host: box.lan:8444\r\nHost: evil.lan").toStdString());
    }

    void aliasesOfIdentityFieldsDoNotReachTheCell() {
        const std::string more = "X-Clawloops-User: bert\r\nX_Clawloops_User: bert\r\nX-Openclaw-Scopes: operator.admin\r\nX_Openclaw_Scopes: operator.admin\r\n"
                                 "X-Forwarded-User: bert\r\nForwarded: for=9.9.9.9;host=evil\r\nX-Real-Ip: 9.9.9.9\r\nAuthorization: Bearer t\r\n"
                                 "Proxy-Authorization: x\r\nX-Request-Id: forged\r\nX-Forwarded-Host: evil\r\nX-Openclaw-Token: t\r\n"
                                 "Cookie: __Host-Http-clawloops_workspace=secret; theme=dark\r\n";
        QVERIFY(m_relay->ask(m_relay->request("/w/anna/", more)).starts_with("HTTP/1.1 200"));
        const std::string seen = m_cell->lastRequest();
        for (const char* bad : {"bert", "operator.admin", "9.9.9.9", "evil", "Bearer", "Proxy-", "forged", "Token", "secret", "Grant", "__Host"})
            QVERIFY2(seen.find(bad) == std::string::npos, (std::string(bad) + "\n" + seen).c_str());
        for (const char* good : {"X-Clawloops-User: anna\r\n", "X-Openclaw-Scopes: operator.read\r\n", "X-Forwarded-For: 10.0.0.7\r\n",
                                 "X-Forwarded-Proto: https\r\n", "Cookie: theme=dark\r\n", "X-Request-Id: req_aaaaaaaaaaaaaaaaaaaa\r\n"})
            QVERIFY2(seen.find(good) != std::string::npos, (std::string(good) + "\n" + seen).c_str());
    }

    void withoutTraefiksCertificateNothingIsAnswered() {
        const std::string ca = m_relay->path("server-ca.crt");
        TlsClient none(m_relay->port(), ca);
        none.send(m_relay->request("/w/anna/"));
        QCOMPARE(none.receive(), std::string());
        TlsClient stranger(m_relay->port(), ca, m_relay->path("stranger.crt"), m_relay->path("stranger.key"));
        stranger.send(m_relay->request("/w/anna/"));
        QCOMPARE(stranger.receive(), std::string());
        TlsClient old(m_relay->port(), ca, m_relay->path("client.crt"), m_relay->path("client.key"), TLS1_2_VERSION);
        QVERIFY(!old.connected());
        auto plain = RawClient::tcp(m_relay->port());
        plain.send(m_relay->request("/w/anna/"));
        QVERIFY(plain.receive().find("HTTP") == std::string::npos);
        QCOMPARE(m_cell->connections.load(), 0);
        QVERIFY(m_relay->ask(m_relay->request("/w/anna/")).starts_with("HTTP/1.1 200")); // and it still serves
    }

    void aCrowdThatNeverFinishesItsHandshakeDoesNotKeepTraefikOut() {
        constexpr std::size_t crowd = 4200; // more than the relay takes connections
        rlimit files{};
        QCOMPARE(::getrlimit(RLIMIT_NOFILE, &files), 0);
        files.rlim_cur = files.rlim_max;
        QVERIFY(files.rlim_max > crowd + 100 && ::setrlimit(RLIMIT_NOFILE, &files) == 0);
        std::vector<RawClient> silent;
        silent.reserve(crowd);
        while (silent.size() < crowd)
            silent.push_back(RawClient::tcp(m_relay->port()));
        const std::string answer = m_relay->ask(m_relay->request("/w/anna/"));
        QVERIFY2(answer.starts_with("HTTP/1.1 200"), answer.c_str());
        QVERIFY2(m_relay->openFiles() < 600, qPrintable(QString::number(m_relay->openFiles())));
    }

    void lengthAndChunkedTogetherReachNoCell() {
        mustBeDenied(m_relay->request("/w/anna/", "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n", "POST") + "0\r\n\r\n");
    }

    void aLinkInPlaceOfTheSocketIsNotFollowed() {
        m_cell.reset();
        CellDouble elsewhere(m_relay->path("other.sock"), cells::honest);
        QVERIFY(QFile::link(QString::fromStdString(elsewhere.path()), QString::fromStdString(m_relay->inDirectory() + "/in.sock")));
        const std::string answer = m_relay->ask(m_relay->request("/w/anna/"));
        QVERIFY2(answer.starts_with("HTTP/1.1 503"), answer.c_str());
        QCOMPARE(elsewhere.connections.load(), 0);
    }

    void aSocketOfAnotherAccountIsNotSpokenTo() {
        QVERIFY2(::geteuid() == 0, "this case needs root: it gives a directory to another account");
        QCOMPARE(::chown(m_relay->inDirectory().c_str(), 65534, 65534), 0);
        const std::string answer = m_relay->ask(m_relay->request("/w/anna/"));
        QVERIFY2(answer.starts_with("HTTP/1.1 503"), answer.c_str());
        QCOMPARE(m_cell->lastRequest(), std::string());
    }

    void aStoppedCellGivesACleanPageOrJson() {
        m_cell.reset();
        const std::string page = m_relay->ask(m_relay->request("/w/anna/", "Accept: text/html\r\nSec-Fetch-Mode: navigate\r\n"));
        QVERIFY2(page.starts_with("HTTP/1.1 503") && page.find("https://box.lan:8443/") != std::string::npos, page.c_str());
        const std::string json = m_relay->ask(m_relay->request("/w/anna/x.json"));
        QVERIFY2(json.find("{\"code\":\"UNAVAILABLE\",\"message\":\"") != std::string::npos, json.c_str());
    }

    void aKeptConnectionThatTheCellClosedIsReplaced() {
        for (int i = 0; i < 3; ++i) {
            QVERIFY(m_relay->ask(m_relay->request("/w/anna/")).ends_with("hello"));
            if (i == 1) { // the cell starts anew on the same path
                m_cell.reset();
                m_cell = m_relay->cell(cells::honest);
            }
        }
    }

    void aBodyReachesTheCell() {
        QVERIFY(m_relay->ask(m_relay->request("/w/anna/", "Content-Type: text/plain\r\nContent-Length: 4\r\n", "POST") + "body").ends_with("hello"));
        QVERIFY(m_cell->lastRequest().find("Content-Length: 4\r\n") != std::string::npos);
    }
};

QTEST_GUILESS_MAIN(TestRelayGrants)
#include "tst_grants.moc"
