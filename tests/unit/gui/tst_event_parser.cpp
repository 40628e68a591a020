// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/event_parser.h"

#include <QtTest>

using namespace clawloops::gui;

class EventParserTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void everyCutGivesTheSameEvents() {
        const QByteArray stream = "\xef\xbb\xbf: hello\nevent: snapshot\nid: 1\ndata: {\"a\":1}\n\n"
                                  "event: user\r\nid: 2\r\ndata: one\r\ndata: two\r\n\r\n"
                                  "data:no space\r\r"
                                  "event: nothing\n\n"
                                  "event: ping\nid: 3\ndata: {}\n\n";
        const QList<ServerEvent> expected{{"snapshot", "{\"a\":1}", "1"}, {"user", "one\ntwo", "2"}, {"message", "no space", "2"}, {"ping", "{}", "3"}};
        EventParser whole;
        QVERIFY(whole.feed(stream) == expected);
        for (qsizetype cut = 1; cut < stream.size(); ++cut) {
            EventParser parser;
            QList<ServerEvent> got = parser.feed(stream.left(cut));
            got += parser.feed(stream.mid(cut));
            QVERIFY2(got == expected, qPrintable(QStringLiteral("cut at %1").arg(cut)));
        }
    }

    void anEventWithoutAnEndIsGivenUpAtTheLimit() {
        EventParser parser(1000);
        QVERIFY(parser.feed("data: " + QByteArray(500, 'x')).isEmpty());
        QVERIFY(!parser.broken());
        QVERIFY(parser.feed(QByteArray(600, 'x')).isEmpty());
        QVERIFY(parser.broken());
    }

    void aResetForgetsTheHalfEvent() {
        EventParser parser;
        QVERIFY(parser.feed("data: half\n").isEmpty());
        parser.reset();
        QCOMPARE(parser.feed("data: whole\n\n").first().data, QByteArray("whole"));
    }
};

QTEST_APPLESS_MAIN(EventParserTest)
#include "tst_event_parser.moc"
