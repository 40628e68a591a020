// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/json.h"
#include "base/log.h"

#include <QtTest>

using namespace clawloops;

class TestLog : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void aLineIsOneJsonObjectWithItsFields() {
        std::string line;
        setLogProgram("tester");
        setLogSink([&line](std::string_view text) { line = text; });
        constexpr Log log("module");
        log.warning("two\nlines", "req_x", {{"count", 3}, {"ok", true}, {"name", "a\"b"}});
        setLogSink({});
        QVERIFY(line.find('\n') == std::string::npos);
        const auto object = parseObject(line);
        QVERIFY(object.ok());
        QCOMPARE(std::string(object->at("msg").as_string()), std::string("two\nlines"));
        QCOMPARE(std::string(object->at("level").as_string()), std::string("warning"));
        QCOMPARE(std::string(object->at("rid").as_string()), std::string("req_x"));
        QCOMPARE(object->at("count").as_int64(), 3);
        QCOMPARE(std::string(object->at("program").as_string()), std::string("tester"));
    }

    void debugIsSilentUnlessAskedFor() {
        int lines = 0;
        setLogSink([&lines](std::string_view) { ++lines; });
        constexpr Log log("module");
        log.debug("quiet");
        setLogDebug(true);
        log.debug("loud");
        setLogDebug(false);
        setLogSink({});
        QCOMPARE(lines, 1);
    }
};

QTEST_GUILESS_MAIN(TestLog)
#include "tst_log.moc"
