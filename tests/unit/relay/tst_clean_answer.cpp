// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "relay/clean_answer.h"

#include <QtTest>

using namespace clawloops::relay;
using clawloops::stream::RequestHead;

class TestCleanAnswer : public QObject {
    Q_OBJECT

    static constexpr Refusal refusal{503, "UNAVAILABLE", "A <title>", "What & why.", true};
    static RequestHead request(const char* accept, const char* mode = "") {
        RequestHead head;
        head.method = "GET";
        head.fields.add("Host", "box.lan:8444");
        head.fields.add("Accept", accept);
        if (*mode)
            head.fields.add("Sec-Fetch-Mode", mode);
        return head;
    }

private Q_SLOTS:
    void aNavigationGetsAPageWithTheWayBack() {
        const auto answer = cleanAnswer(refusal, request("text/html,*/*", "navigate"), "req_1", 8443);
        QCOMPARE(answer.head.status, 503);
        QVERIFY(answer.head.fields.get("Content-Type") == "text/html; charset=utf-8");
        QVERIFY(answer.body.find("href=\"https://box.lan:8443/\"") != std::string::npos);
        QVERIFY(answer.body.find("A &lt;title&gt;") != std::string::npos);
        QVERIFY(answer.body.find("req_1") != std::string::npos);
    }

    void everythingElseGetsCodeAndMessage() {
        for (const auto& head : {request("*/*"), request("text/html", "cors")}) {
            const auto answer = cleanAnswer(refusal, head, "", 8443);
            QCOMPARE(answer.body, std::string("{\"code\":\"UNAVAILABLE\",\"message\":\"What & why.\"}\n"));
        }
    }

    void theWayBackComesFromAPlausibleHostOnly() {
        QCOMPARE(portalUrl("box:8444", 8443), std::string("https://box:8443/"));
        QCOMPARE(portalUrl("[::1]:8444", 443), std::string("https://[::1]/"));
        QCOMPARE(portalUrl("[fe80::1]", 8443), std::string("https://[fe80::1]:8443/"));
        QCOMPARE(portalUrl("a\"><script>", 8443), std::string());
    }
};

QTEST_APPLESS_MAIN(TestCleanAnswer)
#include "tst_clean_answer.moc"
