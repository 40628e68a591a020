// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/digest.h"
#include "base/random.h"
#include "wire/grant.h"

#include <QTest>

using namespace clawloops;

class tst_Grant : public QObject {
    Q_OBJECT

    ManualClock m_clock;
    Secret m_key = Secret(randomBytes(32));

    Grant sample() const {
        return Grant{"c0123456789ab", "anna", "operator.read,operator.write", std::string(64, 'a'), "box.lan:8444", "/w/anna/",
                     m_clock.now() + std::chrono::hours(1), m_clock.now() + grantLifetime, "req_x"};
    }

private Q_SLOTS:
    void signedGrantIsReadBack() {
        const auto read = verifyGrant(signGrant(sample(), m_key), m_key, m_clock.now());
        QVERIFY(read.ok());
        QCOMPARE(read->cell, sample().cell);
        QCOMPARE(read->user, sample().user);
        QCOMPARE(read->scopes, sample().scopes);
        QCOMPARE(read->session, sample().session);
        QCOMPARE(read->host, sample().host);
        QCOMPARE(read->prefix, sample().prefix);
        QCOMPARE(read->rid, sample().rid);
        QVERIFY(read->expires == sample().expires);
    }

    void everyChangedByteIsRefused() {
        const std::string text = signGrant(sample(), m_key);
        for (std::size_t i = 0; i < text.size(); ++i) {
            std::string changed = text;
            changed[i] = changed[i] == 'A' ? 'B' : 'A';
            QVERIFY2(!verifyGrant(changed, m_key, m_clock.now()), qPrintable(QString::number(i)));
        }
    }

    void otherKeyIsRefused() { QVERIFY(!verifyGrant(signGrant(sample(), m_key), Secret(randomBytes(32)), m_clock.now())); }

    void emptyKeyOpensNothing() { QVERIFY(!verifyGrant(signGrant(sample(), Secret()), Secret(), m_clock.now())); }

    void expiredGrantIsRefused() {
        QVERIFY(verifyGrant(signGrant(sample(), m_key), m_key, m_clock.now() + std::chrono::seconds(29)));
        QVERIFY(!verifyGrant(signGrant(sample(), m_key), m_key, m_clock.now() + std::chrono::seconds(31)));
    }

    void grantForLongerThanTheLimitIsRefused() {
        Grant grant = sample();
        grant.expires = m_clock.now() + std::chrono::minutes(5);
        QVERIFY(!verifyGrant(signGrant(grant, m_key), m_key, m_clock.now()));
    }

    void grantOfAnExpiredSessionIsRefused() {
        Grant grant = sample();
        grant.sessionExpires = m_clock.now();
        QVERIFY(!verifyGrant(signGrant(grant, m_key), m_key, m_clock.now()));
    }

    void textThatIsNoGrantIsRefused() {
        for (const char* text : {"", "v1.", "v1..", "v1.e30", "v2.e30.AAAA", "v1.%%.%%"})
            QVERIFY2(!verifyGrant(text, m_key, m_clock.now()), text);
        QVERIFY(!verifyGrant(std::string(100'000, 'v'), m_key, m_clock.now()));
    }
};

QTEST_GUILESS_MAIN(tst_Grant)
#include "tst_grant.moc"
