// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "api/trace_builder.h"

#include <QTest>

using namespace clawloops::api;

class TestTrace : public QObject {
    Q_OBJECT

    static LogHop check(const char* at, const char* id) {
        LogHop hop;
        hop.hop.at = at;
        hop.hop.requestId = id;
        return hop;
    }
    static LogHop ended(const char* at, const char* id) {
        LogHop hop = check(at, id);
        hop.kind = "websocket";
        return hop;
    }

private Q_SLOTS:
    void aLineOfOursIsAHop() {
        const LogHop hop = readHop("relay",
                                   R"({"at":"2026-01-01T00:00:01.500Z","msg":"request","rid":"req_1","cell":"c0","kind":"websocket","status":101,"ms":250})",
                                   "asked");
        QCOMPARE(hop.hop.at, std::string("2026-01-01T00:00:01.500Z"));
        QCOMPARE(hop.hop.message, std::string("request, status 101"));
        QCOMPARE(hop.hop.requestId, std::string("req_1"));
        QCOMPARE(hop.cell, std::string("c0"));
        QCOMPARE(hop.ms, std::int64_t(250));
    }
    void traefiksNanosecondsCompareWithOurMilliseconds() {
        const LogHop hop = readHop("traefik",
                                   R"({"StartUTC":"2026-01-01T00:00:01.123456789Z","RequestMethod":"GET","RouterName":"workspace@file","DownstreamStatus":101})",
                                   "req_1");
        QCOMPARE(hop.hop.at, std::string("2026-01-01T00:00:01.123Z"));
        QCOMPARE(hop.hop.message, std::string("GET workspace@file, answered 101"));
    }
    void aLineThatIsNoJsonStaysReadable() { QCOMPARE(readHop("postgres", "LOG: x", "req_1").hop.message, std::string("LOG: x")); }

    void onlyConnectionsThatWereOpenAreJoined() {
        const std::vector<LogHop> lines{check("09", "c0"), check("10", "req_over"), ended("12", "req_over"), check("11", "req_open"), check("13", "req_long"), ended("30", "req_long"),
                                        check("25", "req_later")};
        QVERIFY(openAt(lines, "20") == std::vector<std::string>({"req_long", "req_open"}));
    }
};

QTEST_GUILESS_MAIN(TestTrace)
#include "tst_trace.moc"
