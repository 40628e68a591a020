// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/result.h"
#include "base/secret.h"

#include <QtTest>

#include <set>

using namespace clawloops;

class TestResult : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void everyErrorCodeHasItsOwnNameAndComesBackFromIt() {
        std::set<std::string_view> names;
        for (int value = 0; value < errorCodeCount; ++value) {
            const auto code = static_cast<ErrorCode>(value);
            QVERIFY(!errorCodeName(code).empty());
            QVERIFY2(names.insert(errorCodeName(code)).second, errorCodeName(code).data());
            QVERIFY(errorCodeFromName(errorCodeName(code)) == code);
        }
        QVERIFY(!errorCodeFromName("NO_SUCH_CODE"));
    }

    void aResultHoldsOneOfTheTwo() {
        const Result<int> good(7);
        const Result<int> bad(Error{ErrorCode::NotFound, "no", "detail"});
        QVERIFY(good.ok() && *good == 7);
        QVERIFY(!bad.ok() && bad.error().code == ErrorCode::NotFound);
        QVERIFY(Status().ok());
    }

    void aMovedSecretIsEmpty() {
        Secret first("hush");
        const Secret second(std::move(first));
        QVERIFY(first.empty()); // NOLINT: that is the subject
        QCOMPARE(second.reveal(), std::string_view("hush"));
        QVERIFY(second.equals(Secret("hush")) && !second.equals(Secret("Hush")));
    }

    void aSecretDoesNotTurnIntoText() {
        QVERIFY((!std::is_convertible_v<Secret, std::string>));
        QVERIFY((!std::is_convertible_v<Secret, std::string_view>));
    }
};

QTEST_GUILESS_MAIN(TestResult)
#include "tst_result.moc"
