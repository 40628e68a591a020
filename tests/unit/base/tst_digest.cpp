// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/clock.h"
#include "base/digest.h"
#include "base/random.h"

#include <QtTest>

#include <set>

using namespace clawloops;

class TestDigest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void knownAnswers() {
        QCOMPARE(toHex(sha256("abc")), std::string("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"));
        // RFC 4231, test case 2
        QCOMPARE(toHex(hmacSha256("Jefe", "what do ya want for nothing?")), std::string("5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"));
    }

    void hexComesBackAndRefusesRubbish() {
        QVERIFY(fromHex("00fF7a") == std::string("\0\xff\x7a", 3));
        QVERIFY(!fromHex("0") && !fromHex("0g"));
    }

    void base64UrlIsCanonicalOnly() {
        for (const std::string& text : {std::string(), std::string("f"), std::string("fo"), std::string("foo"), std::string("\xff\xfe\x00", 3)})
            QVERIFY(base64UrlDecode(base64UrlEncode(text)) == text);
        QVERIFY(!base64UrlDecode("Zh")); // bits behind the last byte
        QVERIFY(!base64UrlDecode("Zg==") && !base64UrlDecode("Z+8") && !base64UrlDecode("Z"));
    }

    void identifiersAreRandomAndOfTheirForm() {
        std::set<std::string> seen;
        const QRegularExpression form(QStringLiteral("^usr_[a-z2-7]{16}$"));
        for (int i = 0; i < 1000; ++i) {
            const std::string id = randomId("usr_");
            QVERIFY(form.match(QString::fromStdString(id)).hasMatch());
            QVERIFY(seen.insert(id).second);
        }
        QCOMPARE(randomToken().reveal().size(), std::size_t(43));
        QCOMPARE(newRequestId().size(), std::size_t(24));
    }

    void equalInConstantTimeCompares() {
        QVERIFY(equalInConstantTime("same", "same"));
        QVERIFY(!equalInConstantTime("same", "sane") && !equalInConstantTime("same", "sam"));
    }

    void timesAreWrittenInUtc() {
        QCOMPARE(toRfc3339(fromUnixMillis(1'800'000'000'123)), std::string("2027-01-15T08:00:00.123Z"));
        ManualClock clock;
        const Deadline deadline = Deadline::in(clock, std::chrono::seconds(2));
        clock.advance(std::chrono::milliseconds(1999));
        QVERIFY(!deadline.passed(clock));
        clock.advance(std::chrono::milliseconds(1));
        QVERIFY(deadline.passed(clock));
    }
};

QTEST_GUILESS_MAIN(TestDigest)
#include "tst_digest.moc"
