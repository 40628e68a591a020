// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/json.h"

#include <QtTest>

using namespace clawloops;

class TestJson : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void onlyOneWholeObjectIsAccepted() {
        QVERIFY(parseObject(R"({"a":1})").ok());
        for (const char* text : {"", "[]", "{", "{} x", "{'a':1}", "{\"a\":1,}", "null"})
            QVERIFY2(!parseObject(text).ok(), text);
        QVERIFY(!parseObject(R"({"a":)" + std::string(100, '[') + std::string(100, ']') + "}").ok());
    }

    void theReaderNamesWhatIsWrong_data() {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("says");
        QTest::newRow("missing") << QByteArray(R"({"count":1})") << QByteArray("lacks \"name\"");
        QTest::newRow("wrong type") << QByteArray(R"({"name":5,"count":1})") << QByteArray("\"name\" in the request must be a text");
        QTest::newRow("unknown") << QByteArray(R"({"name":"x","count":1,"nmae":2})") << QByteArray("unknown member \"nmae\"");
        QTest::newRow("fraction") << QByteArray(R"({"name":"x","count":1.5})") << QByteArray("\"count\" in the request must be a whole number");
    }
    void theReaderNamesWhatIsWrong() {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, says);
        const auto object = parseObject(text.toStdString());
        ObjectReader reader(*object);
        (void)reader.text("name");
        (void)reader.integer("count");
        const Status done = reader.finish();
        QVERIFY(!done.ok());
        QVERIFY2(done.error().message.find(says.toStdString()) != std::string::npos, done.error().message.c_str());
    }

    void absentOptionalMembersTakeTheirFallback() {
        const auto object = parseObject(R"({"b":true})");
        ObjectReader reader(*object);
        QCOMPARE(reader.textOr("a", "fallback"), std::string("fallback"));
        QVERIFY(reader.flagOr("b", false));
        QCOMPARE(reader.integerOr("c", 9), 9);
        QVERIFY(reader.finish().ok());
    }
};

QTEST_GUILESS_MAIN(TestJson)
#include "tst_json.moc"
