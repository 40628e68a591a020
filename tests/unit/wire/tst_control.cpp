// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "wire/control.h"

#include <QTest>

using namespace clawloops;

class tst_Control : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void requestSurvivesTheWire() {
        const std::string line = control::encode(control::Request{7, "cell.start", "req_a", {{"cellId", "c1"}}});
        QVERIFY(line.ends_with('\n'));
        const auto parsed = control::parseRequest(line);
        const auto& request = std::get<control::Request>(parsed);
        QCOMPARE(request.id, 7);
        QCOMPARE(request.verb, "cell.start");
        QCOMPARE(request.rid, "req_a");
        QCOMPARE(std::string(request.args.at("cellId").as_string()), std::string("c1"));
    }

    void refusedRequestKeepsTheIdSoThatTheCallerHearsIt_data() {
        QTest::addColumn<QByteArray>("line");
        QTest::addColumn<qint64>("id");
        QTest::newRow("not JSON") << QByteArray("{") << qint64(0);
        QTest::newRow("a list") << QByteArray("[]") << qint64(0);
        QTest::newRow("no verb") << QByteArray(R"({"id":3})") << qint64(3);
        QTest::newRow("verb is a number") << QByteArray(R"({"id":3,"verb":4})") << qint64(3);
        QTest::newRow("unknown member") << QByteArray(R"({"id":3,"verb":"a","extra":1})") << qint64(3);
        QTest::newRow("args is a list") << QByteArray(R"({"id":3,"verb":"a","args":[]})") << qint64(3);
    }
    void refusedRequestKeepsTheIdSoThatTheCallerHearsIt() {
        QFETCH(QByteArray, line);
        QFETCH(qint64, id);
        const auto parsed = control::parseRequest(line.toStdString());
        const auto* refused = std::get_if<control::RefusedRequest>(&parsed);
        QVERIFY(refused);
        QCOMPARE(refused->id, std::int64_t(id));
        QCOMPARE(refused->error.code, ErrorCode::InvalidRequest);
    }

    void errorCodesSurviveTheWire() {
        for (int i = 0; i < errorCodeCount; ++i) {
            const auto code = static_cast<ErrorCode>(i);
            const auto parsed = control::parseAnswer(control::encode(control::Reply{1, Error{code, "m", "d"}}));
            QVERIFY(parsed.ok());
            const auto& reply = std::get<control::Reply>(*parsed);
            QCOMPARE(reply.outcome.error().code, code);
            QCOMPARE(reply.outcome.error().detail, "d");
        }
    }

    void eventIsToldFromAReply() {
        const auto parsed = control::parseAnswer(control::encode(control::Event{"cell", {{"state", "running"}}}));
        QVERIFY(parsed.ok());
        QCOMPARE(std::get<control::Event>(*parsed).name, "cell");
    }

    void linesComeOutWholeHoweverTheyArrive() {
        control::LineSplitter splitter;
        QVERIFY(splitter.push("on"));
        QVERIFY(!splitter.next());
        QVERIFY(splitter.push("e\ntwo\nthr"));
        QCOMPARE(splitter.next().value(), "one");
        QCOMPARE(splitter.next().value(), "two");
        QVERIFY(!splitter.next());
        QVERIFY(splitter.push("ee\n"));
        QCOMPARE(splitter.next().value(), "three");
        QVERIFY(!splitter.next());
    }

    void endlessLineIsRefused() {
        control::LineSplitter splitter;
        const std::string chunk(control::longestLine / 2 + 1, 'x');
        QVERIFY(splitter.push(chunk));
        QVERIFY(!splitter.next());
        QVERIFY(!splitter.push(chunk));
    }
};

QTEST_GUILESS_MAIN(tst_Control)
#include "tst_control.moc"
