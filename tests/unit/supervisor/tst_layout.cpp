// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sample_places.h"
#include "supervisor/layout.h"

#include <QTemporaryDir>
#include <QtTest>

#include <set>
#include <sys/stat.h>

using namespace clawloops;
using namespace clawloops::supervisor;
namespace fs = std::filesystem;

class TestLayout : public QObject {
    Q_OBJECT
    static mode_t modeOf(const fs::path& path) {
        struct stat facts {};
        return ::lstat(path.c_str(), &facts) == 0 ? facts.st_mode & 07777 : 0;
    }

private Q_SLOTS:
    void ownersAndModesAreThoseOfTheInternalsPage() {
        std::map<std::string, DirectorySpec> all;
        for (const DirectorySpec& directory : directoryLayout(samplePlaces()))
            all[directory.path.string()] = directory;
        const auto is = [&](const char* path, uid_t owner, gid_t group, mode_t mode) {
            const auto found = all.find(path);
            return found != all.end() && found->second.owner.uid == owner && found->second.group == group && found->second.mode == mode;
        };
        QVERIFY(is("/data", 0, 0, 0755));
        QVERIFY(is("/data/pki", 0, 0, 0711));
        QVERIFY(is("/data/secrets/control", 0, 801, 0750));
        QVERIFY(is("/data/secrets/vault", 901, 801, 0700)); // the control plane changes its key itself
        QVERIFY(is("/data/pg", 902, 802, 0700));
        QVERIFY(is("/data/spool", 904, 804, 0700));
        QVERIFY(is("/data/state", 0, 0, 0700));
        QVERIFY(is("/data/cells", 0, 0, 0711));
        QVERIFY(is("/data/run/supervisor", 0, 801, 02750));
        QVERIFY(is("/data/run/relay", 903, 801, 02750));
        QVERIFY(is("/data/run/gateway", 904, 801, 02750));
        QVERIFY(is("/data/run/pg", 902, 801, 0750));
        QVERIFY(is("/data/run/model", 904, 804, 0700));
    }

    void parentsComeBeforeTheirChildren() {
        std::set<std::string> seen{"/"};
        for (const DirectorySpec& directory : directoryLayout(samplePlaces())) {
            QVERIFY2(seen.contains(directory.path.parent_path().string()), directory.path.c_str());
            seen.insert(directory.path.string());
        }
    }

    void theyAreMadeAndPutRightAgain() {
        const QTemporaryDir directory;
        const auto places = ownPlaces(directory.path().toStdString());
        QVERIFY(makeDirectories(directoryLayout(places)).ok());
        QCOMPARE(modeOf(places.run / "relay"), mode_t(02750));
        ::chmod((places.data / "secrets").c_str(), 0777);
        QVERIFY(makeDirectories(directoryLayout(places)).ok());
        QCOMPARE(modeOf(places.data / "secrets"), mode_t(0711));
    }

    void aSymbolicLinkIsRefusedAndItsTargetLeftAlone() {
        const QTemporaryDir directory;
        const auto places = ownPlaces(directory.path().toStdString());
        QVERIFY(makeDirectories(directoryLayout(places)).ok());
        const fs::path elsewhere = directory.path().toStdString() + "/elsewhere";
        fs::create_directory(elsewhere);
        ::chmod(elsewhere.c_str(), 0751);
        fs::remove_all(places.data / "spool");
        fs::create_directory_symlink(elsewhere, places.data / "spool");
        const Status done = makeDirectories(directoryLayout(places));
        QVERIFY(!done.ok());
        QVERIFY(done.error().message.find("symbolic link") != std::string::npos);
        QCOMPARE(modeOf(elsewhere), mode_t(0751));
    }

    void aDirectoryOfSomebodyElseIsRefused() {
        if (::geteuid() != 0) { // as an ordinary user: the machine's own directory
            QVERIFY(!makeDirectories({{"/usr/lib", {"self", ::geteuid(), ::getegid()}, ::getegid(), 0700}}).ok());
            return;
        }
        const QTemporaryDir directory;
        const auto places = ownPlaces(directory.path().toStdString());
        fs::create_directories(places.data);
        QVERIFY(::chown(places.data.c_str(), 12345, 12345) == 0);
        const Status done = makeDirectories(directoryLayout(places));
        QVERIFY(!done.ok());
        QVERIFY(done.error().message.find("uid 12345") != std::string::npos);
    }

    void anOwnedFileReplacesWithoutFollowing() {
        const QTemporaryDir directory;
        const std::string base = directory.path().toStdString();
        QVERIFY(writeOwned({base + "/target", "kept", ::geteuid(), ::getegid(), 0600}).ok());
        fs::create_symlink(base + "/target", base + "/link");
        QVERIFY(writeOwned({base + "/link", "new", ::geteuid(), ::getegid(), 0640}).ok());
        QVERIFY(!fs::is_symlink(base + "/link"));
        QCOMPARE(modeOf(base + "/link"), mode_t(0640));
        QCOMPARE(modeOf(base + "/target"), mode_t(0600));
    }
};

QTEST_GUILESS_MAIN(TestLayout)
#include "tst_layout.moc"
