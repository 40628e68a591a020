// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "relay/header_filter.h"

#include <QtTest>

using namespace clawloops;
using namespace clawloops::relay;
using clawloops::stream::Fields;

class TestHeaderFilter : public QObject {
    Q_OBJECT

    static Grant anna() {
        Grant grant;
        grant.cell = "c0123456789ab";
        grant.user = "anna";
        grant.scopes = "operator.read,operator.write";
        grant.host = "box.lan:8444";
        grant.prefix = "/w/anna/";
        grant.rid = "req_abc";
        return grant;
    }

private Q_SLOTS:
    void everyFieldThatClaimsAnIdentityOrAProxyIsDropped_data() {
        QTest::addColumn<QByteArray>("name");
        for (const char* name :
             {"X-Clawloops-User", "X_Clawloops_User", "x-clawloops_user", "X-Clawloops-Grant", "X_Clawloops_Grant", "X-Openclaw-Scopes", "X_Openclaw_Scopes",
              "X-Openclaw-Token", "X-Forwarded-User", "X-Forwarded-For", "X_Forwarded_For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Forwarded-Prefix",
              "X-Forwarded-Uri", "X-Real-Ip", "Forwarded", "Via", "Authorization", "Proxy-Authorization", "Proxy-Connection", "Remote-User", "REMOTE_USER",
              "X-Remote-User", "X-Auth-Request-User", "X-Auth-Request-Email", "X-WEBAUTH-USER", "Cf-Connecting-Ip", "True-Client-Ip", "X-Client-Ip",
              "X-Original-Url", "X-Rewrite-Url", "X-Http-Method-Override", "X-Request-Id", "Traceparent", "Expect", "TE", "Trailer", "Host"})
            QTest::newRow(name) << QByteArray(name);
    }
    void everyFieldThatClaimsAnIdentityOrAProxyIsDropped() {
        QFETCH(QByteArray, name);
        Fields received{{"Host", "box.lan:8444"}, {"Accept", "*/*"}};
        received.add(name.toStdString(), "evil");
        for (const bool upgrade : {false, true})
            for (const auto& field : requestFields(received, anna(), upgrade))
                QVERIFY2(field.value.find("evil") == std::string::npos, std::string(field.name).c_str());
    }

    void theRelaySaysWhoItIsItself() {
        const Fields fields = requestFields(Fields{{"Host", "BOX.lan:8444"}, {"X-Forwarded-For", "1.1.1.1, 10.0.0.7"}}, anna(), false);
        QVERIFY(fields.get("Host") == "box.lan:8444");
        QVERIFY(fields.get("X-Forwarded-For") == "10.0.0.7");
        QVERIFY(fields.get("X-Forwarded-Proto") == "https");
        QVERIFY(fields.get("X-Forwarded-Host") == "box.lan:8444");
        QVERIFY(fields.get("X-Clawloops-User") == "anna");
        QVERIFY(fields.get("X-Openclaw-Scopes") == "operator.read,operator.write");
        QVERIFY(fields.get("X-Request-Id") == "req_abc");
        for (const char* name : {"X-Forwarded-For", "X-Clawloops-User", "X-Openclaw-Scopes", "X-Request-Id", "Host"})
            QCOMPARE(fields.count(name), std::size_t(1));
    }

    void whatAPageNeedsPasses() {
        const Fields received{{"Host", "h"}, {"Accept", "text/html"}, {"Cookie", "a=1"}, {"If-None-Match", "\"x\""}, {"Range", "bytes=0-1"},
                              {"Origin", "https://box.lan:8444"}, {"Sec-Fetch-Site", "same-origin"}, {"Content-Type", "application/json"}};
        const Fields fields = requestFields(received, anna(), false);
        for (const auto& field : received)
            QVERIFY2(fields.has(field.name), std::string(field.name).c_str());
    }

    void handshakeFieldsPassOnlyWithAnUpgrade() {
        const Fields received{{"Host", "h"}, {"Connection", "Upgrade"}, {"Upgrade", "websocket"}, {"Sec-WebSocket-Key", "k"}};
        QVERIFY(!requestFields(received, anna(), false).has("Upgrade"));
        QVERIFY(!requestFields(received, anna(), false).has("Sec-WebSocket-Key"));
        QVERIFY(requestFields(received, anna(), true).get("Upgrade") == "websocket");
        QVERIFY(requestFields(received, anna(), true).has("Sec-WebSocket-Key"));
    }

    void ourCookiesNeverReachACell() {
        QVERIFY(withoutOurCookies("a=1; __Host-Http-clawloops_session=secret; b=2") == "a=1; b=2");
        QVERIFY(withoutOurCookies("__host-CLAWLOOPS_workspace=secret") == "");
        QVERIFY(withoutOurCookies(" \t__Host-Http-clawloops_session=secret ;;x=y") == "x=y");
        const Fields fields = requestFields(Fields{{"Host", "h"}, {"Cookie", "__Host-Http-clawloops_session=s"}, {"cookie", "a=1"}}, anna(), false);
        QVERIFY(fields.get("Cookie") == "a=1");
        QCOMPARE(fields.count("Cookie"), std::size_t(1));
    }

    void theClientsAddressIsTheLastHopOrAStandIn_data() {
        QTest::addColumn<QByteArray>("header");
        QTest::addColumn<QByteArray>("address");
        QTest::newRow("one") << QByteArray("10.1.2.3") << QByteArray("10.1.2.3");
        QTest::newRow("forged first") << QByteArray("8.8.8.8, 10.1.2.3") << QByteArray("10.1.2.3");
        QTest::newRow("IPv6") << QByteArray("fe80::1") << QByteArray("fe80::1");
        QTest::newRow("mapped") << QByteArray("::ffff:10.0.0.1") << QByteArray("10.0.0.1");
        QTest::newRow("loopback") << QByteArray("127.0.0.1") << QByteArray("192.0.2.1");
        QTest::newRow("loopback 6") << QByteArray("::1") << QByteArray("192.0.2.1");
        QTest::newRow("mapped loopback") << QByteArray("::ffff:127.0.0.1") << QByteArray("192.0.2.1");
        QTest::newRow("any") << QByteArray("0.0.0.0") << QByteArray("192.0.2.1");
        QTest::newRow("nonsense") << QByteArray("localhost") << QByteArray("192.0.2.1");
        QTest::newRow("empty") << QByteArray("") << QByteArray("192.0.2.1");
    }
    void theClientsAddressIsTheLastHopOrAStandIn() {
        QFETCH(QByteArray, header);
        QFETCH(QByteArray, address);
        QCOMPARE(clientAddress(Fields{{"X-Forwarded-For", header.toStdString()}}), address.toStdString());
    }

    void aCellCannotSetOurCookiesNorReachBeyondItsPath_data() {
        QTest::addColumn<QByteArray>("cookie");
        QTest::addColumn<QByteArray>("passed");
        const auto row = [](const char* cookie, const char* passed) { QTest::newRow(cookie) << QByteArray(cookie) << QByteArray(passed); };
        row("__Host-Http-clawloops_session=x; Path=/; Secure", "");
        row("__HOST-ClawLoops_workspace=x", "");
        row(" \t__Host-Http-clawloops_session =x", "");
        row("__Secure-clawloops=x", "");
        row("=__Host-Http-clawloops_session=x", "");
        row("__Host-Http-clawloops_session", "");
        row("a=1", "a=1; Path=/w/anna/");
        row("a=1; Path=/; HttpOnly", "a=1; HttpOnly; Path=/w/anna/");
        row("a=1; path=/w/anna/plugin/; Domain=lan; Secure", "a=1; Secure; Path=/w/anna/plugin/");
        row("a=1; Path=/w/bert/", "a=1; Path=/w/anna/");
    }
    void aCellCannotSetOurCookiesNorReachBeyondItsPath() {
        QFETCH(QByteArray, cookie);
        QFETCH(QByteArray, passed);
        QCOMPARE(confinedCookie(cookie.toStdString(), "/w/anna/"), passed.toStdString());
    }

    void answersLoseWhatReachesBeyondTheWorkspace() {
        Fields fields{{"Content-Type", "text/html"}, {"Service-Worker-Allowed", "/"}, {"clear-site-data", "*"}, {"Alt-Svc", "h3"},
                      {"Strict-Transport-Security", "max-age=1"}, {"X-Request-Id", "forged"}, {"X-Clawloops-Grant", "x"}, {"WWW-Authenticate", "Basic"},
                      {"Connection", "close, X-Odd"}, {"X-Odd", "1"}, {"Transfer-Encoding", "chunked"}, {"Content-Security-Policy", "default-src 'self'"},
                      {"Set-Cookie", "__Host-Http-clawloops_session=x; Path=/"}, {"Set-Cookie", "b=2"}};
        filterResponse(fields, anna());
        QStringList names;
        for (const auto& field : fields)
            names << QString::fromStdString(std::string(field.name) + "=" + std::string(field.value));
        QCOMPARE(names, (QStringList{"Content-Type=text/html", "Content-Security-Policy=default-src 'self'", "Set-Cookie=b=2; Path=/w/anna/",
                                     "X-Request-Id=req_abc"}));
    }

    void aFieldThatMustBeSingleMayNotAppearTwice() {
        QVERIFY(whyHeadRefused(Fields{{"Host", "h"}}).empty());
        QVERIFY(!whyHeadRefused(Fields{}).empty());
        for (const char* name : {"Host", "Origin", "Content-Type", "Sec-WebSocket-Key"}) {
            Fields fields{{"Host", "h"}};
            fields.add(name, "1");
            fields.add(name, "2");
            QVERIFY2(!whyHeadRefused(fields).empty(), name);
        }
    }
};

QTEST_APPLESS_MAIN(TestHeaderFilter)
#include "tst_header_filter.moc"
