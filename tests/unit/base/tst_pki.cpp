// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/pki.h"

#include <QtTest>

using namespace clawloops;

class TestPki : public QObject {
    Q_OBJECT
    const WallTime m_now = fromUnixSeconds(1'800'000'000);

    pki::Identity authority() const {
        auto made = pki::makeAuthority("Test authority", pki::authorityLife, m_now);
        Q_ASSERT(made.ok());
        return *made;
    }

private Q_SLOTS:
    void aLeafCarriesItsNamesAndAddresses() {
        auto leaf = pki::issue(authority(), {"host", {"host.lan", "127.0.0.1", "::1", "2001:DB8::1"}, pki::Use::Server, pki::lanLeafLife}, m_now);
        QVERIFY(leaf.ok());
        const auto facts = pki::inspect(leaf->certificate);
        QVERIFY(facts.ok());
        QCOMPARE(facts->commonName, std::string("host"));
        QCOMPARE(facts->names, (std::vector<std::string>{"127.0.0.1", "2001:db8::1", "::1", "host.lan"}));
        QVERIFY(!facts->authority);
    }

    void aLeafLivesAsLongAsAsked() {
        auto leaf = pki::issue(authority(), {"host", {"host.lan"}, pki::Use::Server, pki::lanLeafLife}, m_now);
        QVERIFY(leaf.ok());
        const auto facts = pki::inspect(leaf->certificate);
        QVERIFY(facts->notAfter == m_now + std::chrono::days(397));
        QVERIFY(facts->notBefore <= m_now);
    }

    void aLeafNeverOutlivesItsAuthority() {
        auto shortLived = pki::makeAuthority("Short", std::chrono::days(10), m_now);
        auto leaf = pki::issue(*shortLived, {"host", {"host.lan"}, pki::Use::Server, pki::lanLeafLife}, m_now);
        QVERIFY(pki::inspect(leaf->certificate)->notAfter == m_now + std::chrono::days(10));
    }

    void onlyTheIssuerVerifiesALeaf() {
        const auto first = authority();
        const auto second = authority(); // the same name, another key
        auto leaf = pki::issue(first, {"host", {"host.lan"}, pki::Use::Client, pki::lanLeafLife}, m_now);
        QVERIFY(pki::signedBy(leaf->certificate, first.certificate).ok());
        QVERIFY(!pki::signedBy(leaf->certificate, second.certificate).ok());
        QVERIFY(pki::inspect(first.certificate)->authority);
    }

    void aKeyFitsItsCertificateOnly() {
        const auto first = authority();
        const auto second = authority();
        QVERIFY(pki::belongTogether(first.certificate, first.key).ok());
        QVERIFY(!pki::belongTogether(first.certificate, second.key).ok());
    }

    void rubbishIsAnErrorAndNoCrash() {
        QVERIFY(!pki::inspect("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n").ok());
        QVERIFY(!pki::inspect({}).ok());
        QVERIFY(!pki::issue({"", Secret()}, {"x", {}, pki::Use::Server, pki::lanLeafLife}, m_now).ok());
    }
};

QTEST_GUILESS_MAIN(TestPki)
#include "tst_pki.moc"
