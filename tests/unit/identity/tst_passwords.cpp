// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "identity/password_hasher.h"
#include "identity/password_policy.h"
#include "identity/types.h"

#include <QTest>

#include <algorithm>
#include <ctime>

using namespace clawloops;
using namespace clawloops::identity;

namespace {
constexpr ScryptCost cheap{10, 8, 1};
}

class TestPasswords : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void thePolicyRefusesWhatIsGuessedFirst_data() {
        QTest::addColumn<QString>("password");
        QTest::addColumn<bool>("fine");
        QTest::newRow("words") << QStringLiteral("gravel kettle noon orbit") << true;
        QTest::newRow("no rules on kinds") << QStringLiteral("gravelkettlenoonorbit") << true;
        QTest::newRow("other script") << QStringLiteral("Ключ под старым ковром") << true;
        QTest::newRow("14 characters") << QStringLiteral("gravelkettleno") << false;
        QTest::newRow("15 characters") << QStringLiteral("gravelkettlenoo") << true;
        QTest::newRow("14 characters of two bytes") << QStringLiteral("ключподстарымк") << false;
        QTest::newRow("257 characters") << QString(86, QChar(u'a')) + QString(86, QChar(u'b')) + QString(85, QChar(u'c')) << false;
        QTest::newRow("one character") << QStringLiteral("aaaaaaaaaaaaaaaaaaaa") << false;
        QTest::newRow("repeated") << QStringLiteral("passwordpassword") << false;
        QTest::newRow("common with digits around") << QStringLiteral("123123password!123123") << false;
        QTest::newRow("common as it is") << QStringLiteral("1q2w3e4r5t6y7u8i") << false;
        QTest::newRow("a run") << QStringLiteral("abcdefghijklmnopqrs") << false;
        QTest::newRow("the username") << QStringLiteral("marguerite-marguerite") << false;
        QTest::newRow("the username and a year") << QStringLiteral("Marguerite!2026!!!") << false;
        QTest::newRow("the username among words") << QStringLiteral("marguerite gravel kettle noon") << true;
    }
    void thePolicyRefusesWhatIsGuessedFirst() {
        QFETCH(QString, password);
        QFETCH(bool, fine);
        const Status status = checkPassword(Secret(password.toStdString()), "marguerite", ErrorCode::PasswordChangeInvalid);
        QVERIFY2(status.ok() == fine, status.ok() ? "accepted" : status.error().message.c_str());
        if (!fine)
            QCOMPARE(status.error().code, ErrorCode::PasswordChangeInvalid);
    }

    void aHashSaysWhatVerifyingNeeds() {
        const std::string hash = hashPassword(Secret("gravel kettle noon"), cheap);
        QVERIFY(hash.starts_with("$scrypt$ln=10,r=8,p=1$"));
        QVERIFY(verifyPassword(Secret("gravel kettle noon"), hash));
        QVERIFY(!verifyPassword(Secret("gravel kettle moon"), hash));
        QVERIFY(hash != hashPassword(Secret("gravel kettle noon"), cheap));
    }

    void theDefaultCostIsOwaspsForScrypt() {
        const ScryptCost cost;
        QCOMPARE(cost.logN, 17);
        QCOMPARE(cost.r, 8);
        QCOMPARE(cost.p, 1);
        QVERIFY(hashPassword(Secret("x"), cost).starts_with("$scrypt$ln=17,r=8,p=1$"));
    }

    void writingsOfTheSameTextAreOnePassword() {
        // é as one code point and as two.
        const std::string hash = hashPassword(Secret("caf\xc3\xa9 gravel kettle"), cheap);
        QVERIFY(verifyPassword(Secret("cafe\xcc\x81 gravel kettle"), hash));
    }

    void whatIsNoHashMatchesNothing_data() {
        QTest::addColumn<QString>("hash");
        QTest::newRow("empty") << QString();
        QTest::newRow("plain") << QStringLiteral("gravel");
        QTest::newRow("cut") << QStringLiteral("$scrypt$ln=10,r=8,p=1$AAAA");
        QTest::newRow("short hash") << QStringLiteral("$scrypt$ln=10,r=8,p=1$AAAA$AAAA");
        QTest::newRow("all of the memory") << QStringLiteral("$scrypt$ln=24,r=32,p=1$AAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");
    }
    void whatIsNoHashMatchesNothing() {
        QFETCH(QString, hash);
        QVERIFY(!verifyPassword(Secret("gravel"), hash.toStdString()));
    }

    void anUnknownNameCostsTheSameTime() {
        PasswordHasher hasher({14, 8, 1}, 1);
        const std::string stored = hashPassword(Secret("gravel kettle noon"), {14, 8, 1});
        const auto median = [&](const std::string& against) {
            std::vector<std::clock_t> times;
            for (int i = 0; i < 7; ++i) {
                const std::clock_t begin = std::clock(); // the processor's time of all threads: no other program is in it
                bool answered = false;
                bool matched = true;
                hasher.verify(Secret("wrong"), against, this, [&](Result<bool> result) {
                    answered = true;
                    matched = result.ok() && *result;
                });
                if (!QTest::qWaitFor([&answered] { return answered; }, 60'000) || matched)
                    return std::clock_t(-1);
                times.push_back(std::clock() - begin);
            }
            std::sort(times.begin(), times.end());
            return times[3];
        };
        const std::clock_t known = median(stored);
        const std::clock_t unknown = median({});
        QVERIFY(known > 0 && unknown > 0);
        // Without the work it would be a hundred times less.
        QVERIFY2(unknown * 2 > known && known * 2 > unknown, qPrintable(QStringLiteral("%1 us against %2 us").arg(unknown).arg(known)));
    }

    void aFullQueueIsRefusedAtOnce() {
        PasswordHasher hasher({14, 8, 1}, 1, 2);
        int refused = 0;
        int answered = 0;
        for (int i = 0; i < 10; ++i)
            hasher.hash(Secret("gravel"), this, [&](Result<std::string> result) {
                ++answered;
                if (!result && result.error().code == ErrorCode::RateLimited)
                    ++refused;
            });
        QTRY_COMPARE_WITH_TIMEOUT(answered, 10, 60'000);
        QVERIFY(refused >= 6);
    }

    void usernamesHaveOneForm_data() {
        QTest::addColumn<QString>("name");
        QTest::addColumn<bool>("fine");
        for (const char* good : {"al", "alice", "a1", "a-b", "abcdefghijklmnopqrstuvwxyz012345"})
            QTest::newRow(good) << QString::fromLatin1(good) << true;
        for (const char* bad : {"", "a", "Alice", "1a", "-a", "a-", "a_b", "a.b", "a/b", "a b", "../a", "abcdefghijklmnopqrstuvwxyz0123456", "\xc3\xa4pfel"})
            QTest::newRow(bad) << QString::fromUtf8(bad) << false;
    }
    void usernamesHaveOneForm() {
        QFETCH(QString, name);
        QFETCH(bool, fine);
        QCOMPARE(isUsername(name.toStdString()), fine);
    }
};

QTEST_GUILESS_MAIN(TestPasswords)
#include "tst_passwords.moc"
