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

    void aConstrainedAuthorityIsGoodForItsNamesAndPrivateAddressesOnly_data() {
        QTest::addColumn<QString>("name");
        QTest::addColumn<bool>("good");
        QTest::newRow("its name") << "claw.lan" << true;
        QTest::newRow("below its name") << "anna.claw.lan" << true;
        QTest::newRow("its own public address") << "203.0.113.7" << true;
        QTest::newRow("its own public address, 6") << "2001:db8::7" << true;
        QTest::newRow("an address it may get tomorrow") << "192.168.7.9" << true;
        QTest::newRow("loopback") << "127.0.0.1" << true;
        QTest::newRow("loopback, 6") << "::1" << true;
        QTest::newRow("a unique local address") << "fd12::1" << true;
        QTest::newRow("somebody's bank") << "bank.example" << false;
        QTest::newRow("a name that ends alike") << "notclaw.lan" << false;
        QTest::newRow("above its name") << "lan" << false;
        QTest::newRow("a public address") << "203.0.113.8" << false;
        QTest::newRow("a public address, 6") << "2001:db8::8" << false;
    }
    void aConstrainedAuthorityIsGoodForItsNamesAndPrivateAddressesOnly() {
        QFETCH(QString, name);
        QFETCH(bool, good);
        const auto made = pki::makeAuthority("Test authority", pki::authorityLife, m_now, {"claw.lan", "203.0.113.7", "2001:db8::7"});
        QVERIFY(made.ok());
        QVERIFY(pki::inspect(made->certificate)->constrained);
        const auto leaf = pki::issue(*made, {"claw.lan", {name.toStdString()}, pki::Use::Server, pki::lanLeafLife}, m_now);
        QVERIFY(leaf.ok());
        QVERIFY(pki::signedBy(leaf->certificate, made->certificate).ok()); // the signature is there either way
        QCOMPARE(pki::accepts(made->certificate, leaf->certificate).ok(), good);
        QVERIFY(pki::accepts(authority().certificate, leaf->certificate).ok() == false);
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
