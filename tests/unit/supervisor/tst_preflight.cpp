// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/digest.h"
#include "base/files.h"
#include "base/pki.h"
#include "sample_places.h"
#include "supervisor/preflight.h"

#include <QTcpServer>
#include <QTemporaryDir>
#include <QtTest>

using namespace clawloops;
using namespace clawloops::supervisor;
namespace fs = std::filesystem;

class TestPreflight : public QObject {
    Q_OBJECT
    static Settings settings(const std::vector<std::string>& overrides) { return *Settings::parse({}, "f", overrides); }
    static void verifyRefused(const std::optional<Refusal>& refusal, int code, const char* words) {
        QVERIFY(refusal.has_value());
        QCOMPARE(refusal->exitCode, code);
        QVERIFY2(refusal->sentence.find(words) != std::string::npos, refusal->sentence.c_str());
    }

private Q_SLOTS:
    void aTakenPortIsNamedWithItsSettingAndAnother() {
        QTcpServer holder;
        QVERIFY(holder.listen(QHostAddress::LocalHost));
        const std::string port = std::to_string(holder.serverPort());
        const auto chosen = settings({"ports.relay=" + port});
        verifyRefused(checkPorts(chosen, {"traefik", "clawloopsd", "gateway"}), 71, ("Port " + port + " (ports.relay) is taken").c_str());
        QVERIFY(!checkPorts(chosen, {"traefik", "clawloopsd", "gateway", "relay"})); // a survivor's own
    }

    void twoPortsAlikeAreRefused() { verifyRefused(checkPorts(settings({"ports.api=9000", "ports.check=9000"}), {"traefik", "clawloopsd"}), 64, "ports.check is 9000"); }
    void anAddressThatIsNotOursIsRefused() { verifyRefused(checkPorts(settings({"listen.address=192.0.2.77"}), {}), 64, "192.0.2.77"); }

    void aClockThatIsYearsOffIsRefused() {
        verifyRefused(checkClock(ManualClock(fromUnixSeconds(0))), 71, "1970-01-01");
        verifyRefused(checkClock(ManualClock(fromUnixSeconds(5'000'000'000))), 71, "clock");
        QVERIFY(!checkClock(SystemClock()));
    }

    void aFullDiskIsRefused() {
        verifyRefused(checkDisk("/tmp/not/yet/there", 1 << 20), 71, "GiB are free");
        QVERIFY(!checkDisk("/tmp", 0));
    }

    void aClusterOfAnotherVersionIsRefusedWithItsOwnCode() {
        const QTemporaryDir directory;
        auto places = ownPlaces(directory.path().toStdString());
        QVERIFY(!checkCluster(places));
        fs::create_directories(places.data / "pg/cluster");
        QVERIFY(writeFileAtomically(places.data / "pg/cluster/PG_VERSION", "14\n", 0600).ok());
        verifyRefused(checkCluster(places), 76, "PostgreSQL 14");
        QVERIFY(writeFileAtomically(places.data / "pg/cluster/PG_VERSION", "15\n", 0600).ok());
        QVERIFY(!checkCluster(places));
    }

    void aMissingProgramIsNamed() {
        ComponentSpec spec;
        spec.title = "Traefik";
        spec.program = "/nonexistent/traefik";
        verifyRefused(checkPrograms({spec}), 69, "Traefik is not installed (/nonexistent/traefik");
        spec.external = true;
        QVERIFY(!checkPrograms({spec}));
    }

    void alteredAndShortenedComponentsAreRefused() {
        const QTemporaryDir directory;
        const fs::path base = directory.path().toStdString();
        const fs::path memo = base / "memo.json";
        const auto put = [&](const char* name, std::string_view text) { QVERIFY(writeFileAtomically(base / name, text, 0644).ok()); };
        verifyRefused(checkComponents(base, memo), 69, "missing");
        put("tool", "good tool");
        put("starter.gguf", "a model of some length");
        put("components.sha256", toHex(sha256("good tool")) + "  9  tool\n" + toHex(sha256("a model of some length")) + "  22  starter.gguf\n");
        QVERIFY(!checkComponents(base, memo));
        QVERIFY(!checkComponents(base, memo)); // from the memo
        put("tool", "evil tool");
        verifyRefused(checkComponents(base, memo), 69, toHex(sha256("good tool")).c_str());
        put("tool", "good tool");
        put("starter.gguf", "a model");
        verifyRefused(checkComponents(base, memo), 69, "cut short (7 of 22 bytes)");
        fs::remove(base / "starter.gguf");
        verifyRefused(checkComponents(base, memo), 69, "missing");
    }

    void ownCertificateAndKeyMustFit() {
        const QTemporaryDir directory;
        const std::string base = directory.path().toStdString();
        const auto now = SystemClock().now();
        const auto one = *pki::makeAuthority("one", pki::authorityLife, now);
        const auto two = *pki::makeAuthority("two", pki::authorityLife, now);
        QVERIFY(writeFileAtomically(base + "/crt", one.certificate, 0644).ok());
        QVERIFY(writeFileAtomically(base + "/key", two.key.reveal(), 0600).ok());
        verifyRefused(checkCertificate(settings({"traefik.cert=" + base + "/crt"}), SystemClock()), 64, "belong together");
        const auto both = settings({"traefik.cert=" + base + "/crt", "traefik.key=" + base + "/key"});
        verifyRefused(checkCertificate(both, SystemClock()), 64, "fits");
        QVERIFY(writeFileAtomically(base + "/key", one.key.reveal(), 0600).ok());
        QVERIFY(!checkCertificate(both, SystemClock()));
        verifyRefused(checkCertificate(both, ManualClock(now + std::chrono::days(4000))), 64, "expired");
    }
};

QTEST_GUILESS_MAIN(TestPreflight)
#include "tst_preflight.moc"
