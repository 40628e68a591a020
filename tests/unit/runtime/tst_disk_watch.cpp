// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The reckoning; what is done with it on a real disk is in tst_cell_disk.
#undef QT_NO_CAST_FROM_ASCII // a rule for the product
#include "runtime/disk_watch.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <sys/statvfs.h>

using namespace clawloops;
using namespace clawloops::runtime;

namespace {
struct statvfs space(std::uint64_t freeBytes, std::uint64_t allFiles, std::uint64_t freeFiles) {
    struct statvfs made {};
    made.f_frsize = 4096;
    made.f_bavail = freeBytes / 4096;
    made.f_files = allFiles;
    made.f_favail = freeFiles;
    return made;
}
constexpr std::int64_t gibi = 1 << 30;
}

class TestDiskWatch : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void readsDuAndNothingElse() {
        QCOMPARE(parseTotal("4096\tc0123456789ab\n"), std::optional<std::int64_t>(4096));
        QCOMPARE(parseTotal("123456789012\tcaaaaaaaaaaaa"), std::optional<std::int64_t>(123456789012));
        for (const char* other : {"", "x\tcbbbbbbbbbbbb\n", "8\n", "8", "-1\tcaaaaaaaaaaaa", "99999999999999999999\tcaaaaaaaaaaaa"})
            QVERIFY2(!parseTotal(other), other);
    }

    void whoGrewMostComesFirst() {
        const Usage before{{"big", Count{1000, 5}}, {"gone", Count{5, 5}}, {"small", Count{10, 1}}};
        const Usage now{{"big", Count{1001, 95}}, {"new", Count{50, 2}}, {"small", Count{110, 1}}};
        QVERIFY((growthOf(before, now, Scarce::Bytes) == std::vector<Growth>{{"small", 100, Scarce::Bytes}, {"new", 50, Scarce::Bytes}, {"big", 1, Scarce::Bytes}}));
        QVERIFY((growthOf(before, now, Scarce::Files) == std::vector<Growth>{{"big", 90, Scarce::Files}, {"new", 2, Scarce::Files}, {"small", 0, Scarce::Files}}));
    }

    void emptyFilesAreScarceBeforeBytesAre() {
        const Room plenty = roomOf(space(50 * gibi, 6'000'000, 5'900'000), 5 * gibi);
        QCOMPARE(plenty.scarce, Scarce::Bytes);
        QCOMPARE(plenty.share, 10.0);
        const Room flooded = roomOf(space(50 * gibi, 6'000'000, 163'840), 5 * gibi);
        QCOMPARE(flooded.scarce, Scarce::Files);
        QCOMPARE(flooded.reservedFiles, std::int64_t(327'680));
        QCOMPARE(flooded.share, 0.5);
        QCOMPARE(roomOf(space(50 * gibi, 80'000, 70'000), 5 * gibi).reservedFiles, std::int64_t(10'000)); // a small share of few
        const Room uncounted = roomOf(space(10 * gibi, 0, 0), 5 * gibi); // btrfs
        QCOMPARE(uncounted.scarce, Scarce::Bytes);
        QCOMPARE(uncounted.share, 2.0);
    }

    // A du that never comes to the end of one cell's tree, as with some million files on a slow disk.
    void aTreeTooBigToCountDoesNotHideItsOwner() {
        const QTemporaryDir folder;
        const std::string endless = "cbbbbbbbbbbbb";
        const QStringList cells{"caaaaaaaaaaaa", QString::fromStdString(endless), "ccccccccccccc"};
        for (const QString& cell : cells)
            QVERIFY(QDir(folder.path()).mkpath("cells/" + cell + "/home"));
        QFile program(folder.filePath("du"));
        QVERIFY(program.open(QFile::WriteOnly));
        program.write("#!/bin/sh\nfor last; do :; done\n[ \"$last\" = cbbbbbbbbbbbb ] && exec sleep 1000\nexec /usr/bin/du \"$@\"\n");
        program.close();
        QVERIFY(program.setPermissions(QFile::ReadOwner | QFile::ExeOwner));
        const QByteArray path = qgetenv("PATH");
        qputenv("PATH", QFile::encodeName(folder.path()) + ':' + path);
        std::optional<Usage> usage;
        FolderCensus census(folder.filePath("cells").toStdString(), [&](Usage counted) { usage = std::move(counted); });
        census.start(std::chrono::seconds(8), false);
        QTRY_VERIFY_WITH_TIMEOUT(usage, 60'000);
        qputenv("PATH", path);
        QCOMPARE(usage->size(), std::size_t(3));
        QVERIFY(!usage->at(endless));
        QVERIFY(usage->at("caaaaaaaaaaaa") && usage->at("ccccccccccccc")); // also the one after it
        QCOMPARE(usage->at("ccccccccccccc")->files, std::int64_t(2));

        // An innocent that grew a little does not go before it.
        const auto growths = growthOf({}, *usage, Scarce::Bytes);
        QCOMPARE(growths.front().cellId, endless);
        QCOMPARE(growthText(growths.front()), std::string("more than could be counted"));
    }

    void sizesAreForPeople() {
        QCOMPARE(sizeText(512ll << 20), std::string("512 MiB"));
        QCOMPARE(sizeText(1536ll << 20), std::string("1.5 GiB"));
        QCOMPARE(sizeText(0), std::string("0 MiB"));
        QCOMPARE(growthText({"c", 3 * gibi, Scarce::Bytes}), std::string("3.0 GiB"));
        QCOMPARE(growthText({"c", 80'000, Scarce::Files}), std::string("80000 files"));
    }

    void aReserveBeyondTheDiskAdmitsNobodyAndNoReserveEverybody() {
        const QTemporaryDir folder;
        const SystemClock clock;
        DiskWatch watched(folder.path().toStdString(), std::int64_t(1) << 60, clock);
        DiskWatch unwatched(folder.path().toStdString(), 0, clock);
        watched.start();
        unwatched.start();
        QVERIFY(!watched.admits().ok());
        QCOMPARE(watched.admits().error().code, ErrorCode::Unavailable);
        QVERIFY(watched.disk().low && !watched.disk().sentence.empty());
        QVERIFY(unwatched.admits().ok());
    }
};

QTEST_GUILESS_MAIN(TestDiskWatch)
#include "tst_disk_watch.moc"
