// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/vault.h"

#include "base/digest.h"

#include <QTest>

#include <set>

using namespace clawloops;

namespace {
Vault vault(char letter, int version = 1) { return *Vault::make(Secret(std::string(32, letter)), version); }
const Secret secret("sk-test-51a7");
}

class TestVault : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void whatIsSealedOpensInItsPlace() {
        const std::string sealed = vault('k').seal(secret, "crd_a openai");
        QVERIFY(sealed.find("sk-test") == std::string::npos);
        const auto opened = vault('k').open(sealed, "crd_a openai");
        QVERIFY(opened.ok() && opened->equals(secret));
        const auto nothing = vault('k').open(vault('k').seal(Secret(), "x"), "x");
        QVERIFY(nothing.ok() && nothing->empty());
    }

    void noTwoSealsAreAlike() {
        std::set<std::string> seen;
        for (int i = 0; i < 1000; ++i)
            seen.insert(vault('k').seal(secret, "x").substr(0, 16)); // the nonce
        QCOMPARE(seen.size(), std::size_t(1000));
    }

    void anotherPlaceKeyOrVersionDoesNotOpenIt() {
        const std::string sealed = vault('k').seal(secret, "crd_a openai");
        QVERIFY(!vault('k').open(sealed, "crd_b openai").ok()); // a row's text put into another row
        QVERIFY(!vault('k').open(sealed, "crd_a groq").ok()); // or the row given to another provider
        QVERIFY(!vault('l').open(sealed, "crd_a openai").ok());
        QVERIFY(!vault('k', 2).open(sealed, "crd_a openai").ok());
    }

    void everyChangedBitIsNoticed() {
        const std::string raw = *base64UrlDecode(vault('k').seal(secret, "x"));
        for (std::size_t bit = 0; bit < raw.size() * 8; ++bit) {
            std::string changed = raw;
            changed[bit / 8] = static_cast<char>(changed[bit / 8] ^ (1 << (bit % 8)));
            QVERIFY(!vault('k').open(base64UrlEncode(changed), "x").ok());
        }
        for (std::size_t length = 0; length < raw.size(); ++length)
            QVERIFY(!vault('k').open(base64UrlEncode(raw.substr(0, length)), "x").ok());
        QVERIFY(!vault('k').open("not base64url!", "x").ok());
    }

    void aKeyHas32Bytes() {
        QVERIFY(!Vault::make(Secret(std::string(31, 'k')), 1).ok());
        QVERIFY(!Vault::make(Secret(), 1).ok());
    }

    void fingerprintsTellKeysApart() {
        QCOMPARE(vault('k').fingerprint(), vault('k', 2).fingerprint());
        QVERIFY(vault('k').fingerprint() != vault('l').fingerprint());
        QCOMPARE(vault('k').fingerprint().size(), std::size_t(32));
    }
};

QTEST_APPLESS_MAIN(TestVault)
#include "tst_vault.moc"
