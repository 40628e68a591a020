// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/files.h"
#include "base/pki.h"
#include "sample_places.h"
#include "supervisor/layout.h"
#include "supervisor/trust_files.h"

#include <QTemporaryDir>
#include <QtTest>

#include <sys/stat.h>

using namespace clawloops;
using namespace clawloops::supervisor;
namespace fs = std::filesystem;

class TestTrustFiles : public QObject {
    Q_OBJECT
    QTemporaryDir m_directory;
    Places m_places;
    ManualClock m_clock;

    std::string text(const char* path) const { return *readFile(m_places.data / path); }
    pki::Facts lan() const { return *pki::inspect(text("pki/edge/lan.crt")); }

private Q_SLOTS:
    void initTestCase() {
        m_places = ownPlaces(m_directory.path().toStdString());
        QVERIFY(makeDirectories(directoryLayout(m_places)).ok());
        QVERIFY(ensureTrustFiles(m_places, m_clock).ok());
    }

    void theClientAuthorityHasOneLeafAndNoKeyOnDisk() {
        int keys = 0;
        for (const auto& entry : fs::recursive_directory_iterator(m_places.data / "pki"))
            if (entry.path().extension() == ".key") {
                ++keys;
                struct stat facts {};
                QVERIFY(::stat(entry.path().c_str(), &facts) == 0);
                QCOMPARE(facts.st_mode & 07777, mode_t(0600));
            }
        QCOMPARE(keys, 6); // lan-ca, lan, client, three servers: none of an internal authority
        QVERIFY(pki::signedBy(text("pki/edge/client.crt"), text("pki/client-ca.crt")).ok());
        for (const char* server : {"pki/control/server.crt", "pki/relay/server.crt", "pki/gateway/server.crt"}) {
            QVERIFY(pki::signedBy(text(server), text("pki/server-ca.crt")).ok());
            QVERIFY(!pki::signedBy(text(server), text("pki/client-ca.crt")).ok());
        }
    }

    void theLanCertificateHasEveryAllowedName() {
        QCOMPARE(lan().names, m_places.allowedHosts);
        QVERIFY(pki::signedBy(text("pki/edge/lan.crt"), text("pki/lan-ca.crt")).ok());
    }

    void nothingIsMadeTwice() {
        const auto before = ensureTrustFiles(m_places, m_clock);
        const std::string key = text("secrets/control/grant.key");
        const auto after = ensureTrustFiles(m_places, m_clock);
        QCOMPARE(after->internal, before->internal);
        QCOMPARE(after->lan, before->lan);
        QCOMPARE(text("secrets/control/grant.key"), key);
        QCOMPARE(text("secrets/edge/grant.key"), key);
        QCOMPARE(key.size(), std::size_t(32));
    }

    void aNewNameBringsANewAuthorityAsTheOldMayNotSignForIt() {
        const std::string authority = text("pki/lan-ca.crt");
        QVERIFY(pki::inspect(authority)->constrained);
        m_places.allowedHosts.push_back("renamed.lan");
        QVERIFY(ensureTrustFiles(m_places, m_clock).ok());
        QCOMPARE(lan().names, m_places.allowedHosts);
        QVERIFY(text("pki/lan-ca.crt") != authority);
        QVERIFY(pki::accepts(text("pki/lan-ca.crt"), text("pki/edge/lan.crt")).ok());
    }

    void anotherAddressOfTheLanBringsANewCertificateOfTheSameAuthority() {
        const std::string authority = text("pki/lan-ca.crt");
        m_places.allowedHosts.push_back("192.168.77.5");
        std::sort(m_places.allowedHosts.begin(), m_places.allowedHosts.end());
        QVERIFY(ensureTrustFiles(m_places, m_clock).ok());
        QCOMPARE(lan().names, m_places.allowedHosts);
        QCOMPARE(text("pki/lan-ca.crt"), authority);
    }

    void theLanCertificateIsRenewedInItsLastThirtyDays() {
        const auto before = lan();
        m_clock.advance(std::chrono::days(397 - 32));
        QVERIFY(ensureTrustFiles(m_places, m_clock).ok());
        QCOMPARE(lan().fingerprint, before.fingerprint);
        m_clock.advance(std::chrono::days(3));
        QVERIFY(ensureTrustFiles(m_places, m_clock).ok());
        QVERIFY(lan().fingerprint != before.fingerprint);
        QVERIFY(lan().notAfter > before.notAfter);
    }

    void theLiteLlmKeyIsNewUnlessItsReaderSurvived() {
        QVERIFY(ensureLiteLlmKey(m_places, false).ok());
        const std::string first = text("secrets/model/litellm.key");
        QVERIFY(first.starts_with("sk-"));
        QVERIFY(ensureLiteLlmKey(m_places, true).ok());
        QCOMPARE(text("secrets/model/litellm.key"), first);
        QVERIFY(ensureLiteLlmKey(m_places, false).ok());
        QVERIFY(text("secrets/model/litellm.key") != first);
    }
};

QTEST_GUILESS_MAIN(TestTrustFiles)
#include "tst_trust_files.moc"
