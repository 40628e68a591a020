// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "edge/addresses.h"
#include "edge/cookies.h"
#include "edge/error_answer.h"
#include "edge/origin_rule.h"
#include "edge/session_check.h"

#include <QTest>

using namespace clawloops;

class TestEdgeRules : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void onlyOurExactNamesAndPortsAreHosts() {
        const Addresses addresses({"Work.lan", "192.168.1.5", "::1", "work.LAN"}, 8443, 443);
        QCOMPARE(addresses.hosts().size(), std::size_t(3));
        QVERIFY(addresses.portalHost("WORK.lan:8443") == "work.lan");
        QVERIFY(addresses.portalHost("[::1]:8443") == "[::1]");
        for (const char* wrong : {"work.lan", "work.lan:443", "work.lan:8443.evil.example", "evil.example:8443", "work.lan.:8443", "", ":8443"})
            QVERIFY2(!addresses.portalHost(wrong), wrong);
        QVERIFY(addresses.workspaceHost("work.lan") == "work.lan"); // 443 may be left out
        QCOMPARE(addresses.workspaceUrl("work.lan", "anna"), std::string("https://work.lan/w/anna/"));
        QCOMPARE(addresses.portalOrigin("192.168.1.5"), std::string("https://192.168.1.5:8443"));
    }

    void ourCookiesAreTakenOutOfTheHeader() {
        QCOMPARE(withoutOurCookies("a=1; __Host-Http-clawloops_session=x; b=2;__host-HTTP-CLAWLOOPS_workspace=y;  c; __Host-clawloops_session=old"), std::string("a=1; b=2; c"));
        QCOMPARE(withoutOurCookies("__Host-Http-clawloops_session=x"), std::string());
        QCOMPARE(withoutOurCookies("x__Host-Http-clawloops_session=x; =v"), std::string("x__Host-Http-clawloops_session=x; =v"));
    }

    void aCookieTossedBesideOursMakesItUseless() {
        QVERIFY(cookieValue("a=1; __Host-Http-clawloops_session=x", portalCookie).equals(Secret("x")));
        QVERIFY(cookieValue("__Host-Http-clawloops_session=x; __Host-Http-clawloops_session=y", portalCookie).empty());
        QVERIFY(cookieValue("__Host-Http-clawloops_sessionx=x; __host-http-clawloops_session=y; __Host-clawloops_session=z", portalCookie).empty());
    }

    void aSessionCookieIsBoundToTheOriginAndItsTime() {
        const WallTime now = fromUnixSeconds(1'800'000'000);
        QCOMPARE(setCookie(portalCookie, Secret("t"), now + std::chrono::hours(1), now),
                 std::string("__Host-Http-clawloops_session=t; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=3600"));
    }

    void changingByCookieNeedsOurOwnOrigin_data() {
        QTest::addColumn<QByteArray>("site");
        QTest::addColumn<QByteArray>("origin");
        QTest::addColumn<bool>("reading");
        QTest::addColumn<bool>("changing");
        QTest::newRow("our page") << QByteArray("same-origin") << QByteArray("https://h:1") << true << true;
        QTest::newRow("our page, no Origin") << QByteArray("same-origin") << QByteArray() << true << true;
        QTest::newRow("typed") << QByteArray("none") << QByteArray() << true << false;
        QTest::newRow("other port") << QByteArray("same-site") << QByteArray("https://h:2") << false << false;
        QTest::newRow("other port, no Origin") << QByteArray("same-site") << QByteArray() << false << false;
        QTest::newRow("other port as none") << QByteArray("none") << QByteArray("https://h:2") << false << false;
        QTest::newRow("other site") << QByteArray("cross-site") << QByteArray() << false << false;
        QTest::newRow("old browser") << QByteArray() << QByteArray("https://h:1") << true << true;
        QTest::newRow("old browser, other port") << QByteArray() << QByteArray("https://h:2") << false << false;
        QTest::newRow("neither") << QByteArray() << QByteArray() << true << false;
        QTest::newRow("contradiction") << QByteArray("same-origin") << QByteArray("null") << false << false;
    }
    void changingByCookieNeedsOurOwnOrigin() {
        QFETCH(QByteArray, site);
        QFETCH(QByteArray, origin);
        for (const bool safe : {true, false}) {
            HttpRequest request;
            request.method = safe ? "GET" : "POST";
            if (!site.isEmpty())
                request.headers.emplace_back("sec-fetch-site", site.toStdString());
            if (!origin.isEmpty())
                request.headers.emplace_back("origin", origin.toStdString());
            QFETCH(bool, reading);
            QFETCH(bool, changing);
            QCOMPARE(mayUseCookie(request, "https://h:1"), safe ? reading : changing);
        }
    }

    void onlyATopLevelGetIsANavigation() {
        HttpRequest request;
        request.method = "GET";
        request.headers = {{"accept", "text/html,*/*"}};
        QVERIFY(isNavigation(request)); // a browser without Sec-Fetch
        request.headers = {{"accept", "text/html"}, {"sec-fetch-mode", "navigate"}, {"sec-fetch-dest", "iframe"}};
        QVERIFY(!isNavigation(request));
        request.headers = {{"sec-fetch-mode", "navigate"}, {"sec-fetch-dest", "document"}};
        QVERIFY(isNavigation(request));
        request.method = "POST";
        QVERIFY(!isNavigation(request));
    }

    void aWorkspacePathNamesItsOwnerOrNobody() {
        QVERIFY(workspaceOwnerIn("/w/anna/") == "anna");
        QVERIFY(workspaceOwnerIn("/w/anna/a/../..x/b?c=/../") == std::nullopt);
        QVERIFY(workspaceOwnerIn("/w/anna/..x/b?c=/../") == "anna");
        QVERIFY(workspaceOwnerIn("/w/anna") == "anna"); // where the Control UI opens its WebSocket
        for (const char* wrong : {"/w/", "/w//anna/", "//w/anna/", "/W/anna/", "/w/Anna/", "/w/an%6ea/", "/w/anna/..", "/w/anna/%2e%2e/x",
                                  "/w/anna/%252E%252e/x", "/w/anna/.%5c..%5cx", "/w/anna/%00", "/w/anna/%0a", "w/anna/", ""})
            QVERIFY2(!workspaceOwnerIn(wrong), wrong);
    }

    void everyErrorCodeHasAStatusAndABody() {
        for (int i = 0; i < errorCodeCount; ++i) {
            const auto code = static_cast<ErrorCode>(i);
            const HttpResponse answer = errorAnswer({code, "A sentence.", "what only a log may know"}, "req_x");
            QVERIFY(answer.status >= 400 && answer.status < 600);
            QVERIFY((answer.status == 500) == (code == ErrorCode::Internal || code == ErrorCode::RuntimeStartFailed));
            QCOMPARE(answer.body, R"({"code":")" + std::string(errorCodeName(code)) + R"(","message":"A sentence.","requestId":"req_x"})");
        }
    }

    void theLastForwardedAddressIsTraefiks() {
        HttpRequest request;
        request.headers = {{"x-forwarded-for", "10.0.0.1, 192.0.2.7"}};
        QCOMPARE(request.clientAddress(), std::string("192.0.2.7"));
        request.headers.clear();
        QCOMPARE(request.clientAddress(), std::string());
    }
};

QTEST_GUILESS_MAIN(TestEdgeRules)
#include "tst_edge_rules.moc"
