// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "stream/http.h"

#include <QtTest>

using namespace clawloops::stream;

class TestHttp : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aFieldMayBeAddedFromTheFieldsThemselves() {
        Fields fields{{"first", std::string(400, 'a')}};
        for (int i = 0; i < 8; ++i) // the text moves meanwhile
            fields.add("again", fields.get("first"));
        QCOMPARE(fields.count("again"), std::size_t(8));
        for (const Field field : fields)
            QVERIFY(field.value == std::string(400, 'a'));
        fields.set("first", fields.get("again").substr(0, 3));
        QCOMPARE(std::string(fields.get("first")), std::string("aaa"));
    }
    void namesCompareWithoutCaseAndUnderscoreIsNoDash() {
        Fields fields;
        fields.add("X-One", "1");
        fields.add("X_One", "2");
        QVERIFY(fields.get("x-one") == "1");
        QCOMPARE(fields.count("X-ONE"), std::size_t(1));
        fields.set("x-ONE", "3");
        QVERIFY(fields.get("X-One") == "3");
        QVERIFY(fields.get("X_One") == "2");
    }

    void tokensAreFoundInEveryFieldOfAName() {
        const Fields fields{{"Connection", "keep-alive , Upgrade"}, {"Connection", "x"}};
        QVERIFY(fields.hasToken("connection", "upgrade"));
        QVERIFY(fields.hasToken("connection", "X"));
        QVERIFY(!fields.hasToken("connection", "grade"));
    }

    void hopFieldsGoWithWhatConnectionNames() {
        Fields fields{{"Connection", "X-Private, close"}, {"X-Private", "1"}, {"Keep-Alive", "5"}, {"TE", "trailers"},
                      {"Upgrade", "h2c"}, {"Proxy-Authorization", "x"}, {"Accept", "*/*"}};
        removeHopFields(fields);
        QCOMPARE(fields.size(), std::size_t(1));
        QVERIFY(fields.has("Accept"));
    }

    void lineEndsInAValueCannotSmuggleAField() {
        ResponseHead head;
        head.fields.add("X-Bad", "a\r\nSet-Cookie: b=c");
        const std::string text = writeHead(head);
        QVERIFY(text.find("\nSet-Cookie") == std::string::npos);
    }

    void framingIsWrittenByTheSenderAndNeverCopied() {
        RequestHead head;
        head.method = "POST";
        head.target = "/x";
        head.fields = Fields{{"Host", "h"}, {"Content-Length", "999"}, {"Transfer-Encoding", "chunked"}};
        head.framing = Framing::ofLength(3);
        const std::string text = writeHead(head);
        QVERIFY(text.find("Content-Length: 3\r\n") != std::string::npos);
        QVERIFY(text.find("999") == std::string::npos);
        QVERIFY(text.find("chunked") == std::string::npos);
    }

    void aTargetCannotCarryASecondRequestLine() {
        RequestHead head;
        head.method = "GET";
        head.target = "/x HTTP/1.1\r\nHost: evil\r\n\r\n";
        QVERIFY(writeHead(head).starts_with("GET /xHTTP/1.1Host:evil HTTP/1.1\r\n"));
    }

    void bodylessAnswersCarryNoLength() {
        ResponseHead head;
        head.status = 204;
        QVERIFY(writeHead(head).find("Content-Length") == std::string::npos);
        head.status = 200;
        QVERIFY(writeHead(head).find("Content-Length: 0\r\n") != std::string::npos);
    }
};

QTEST_APPLESS_MAIN(TestHttp)
#include "tst_http.moc"
