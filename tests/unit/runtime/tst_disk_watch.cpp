// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The reckoning; what is done with it on a real disk is in tst_cell_disk.
#undef QT_NO_CAST_FROM_ASCII // a rule for the product
#include "runtime/disk_watch.h"

#include <QTemporaryDir>
#include <QTest>

using namespace clawloops;
using namespace clawloops::runtime;

class TestDiskWatch : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void readsDuAndNothingElse() {
        const Usage usage = parseUsage("4096\tc0123456789ab\n123456789012\tcaaaaaaaaaaaa\nx\tcbbbbbbbbbbbb\n7\telsewhere\n8\n\n9\tcccccccccccc");
        QCOMPARE(usage.size(), std::size_t(2));
        QCOMPARE(usage.at("c0123456789ab"), std::int64_t(4096));
        QCOMPARE(usage.at("caaaaaaaaaaaa"), std::int64_t(123456789012));
    }

    void whoGrewMostComesFirst() {
        const auto growths = growthOf({{"big", 1000}, {"gone", 5}, {"small", 10}}, {{"big", 1001}, {"new", 50}, {"small", 110}});
        QVERIFY((growths == std::vector<Growth>{{"small", 100}, {"new", 50}, {"big", 1}}));
    }

    void sizesAreForPeople() {
        QCOMPARE(sizeText(512ll << 20), std::string("512 MiB"));
        QCOMPARE(sizeText(1536ll << 20), std::string("1.5 GiB"));
        QCOMPARE(sizeText(0), std::string("0 MiB"));
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
