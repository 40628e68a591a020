// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
// A disk that cells fill: a real one of 96 MiB and 8192 inodes, with the real runtime manager and real cells on it.
#include "cell_bench.h"

#include <QDir>
#include <QFile>
#include <QTest>

#include <sys/statvfs.h>
#include <unistd.h>

using namespace bench;

namespace {
const std::string greedy = "c0123456789ab";
const std::string modest = "caaaaaaaaaaaa";
constexpr std::int64_t mebi = 1 << 20;
constexpr int patience = 60'000;
}

class TestCellDisk : public QObject {
    Q_OBJECT
private:
    std::unique_ptr<CellBench> m_bench;

    std::string stateOf(const std::string& cellId) {
        const auto cell = m_bench->cell(cellId);
        return cell ? cell->state : "absent";
    }
    bool isLow() {
        const auto answer = m_bench->call("disk.status");
        const auto disk = answer ? parseDisk(*answer) : Result<Disk>(answer.error());
        return disk && disk->low;
    }
    std::int64_t freeFiles() const {
        struct statvfs space {};
        return ::statvfs(m_bench->data().c_str(), &space) == 0 ? static_cast<std::int64_t>(space.f_favail) : -1;
    }

private Q_SLOTS:
    void init() {
        QVERIFY2(::geteuid() == 0, "this test needs root: it mounts a small file system and makes user namespaces for cells");
        m_bench = std::make_unique<CellBench>(96 * mebi);
        m_bench->reserveDisk(32 * mebi);
        QVERIFY(m_bench->makeProbeImage());
        QVERIFY(m_bench->startRuntimed());
        QVERIFY(m_bench->start(m_bench->args(greedy, 1)).ok());
        QVERIFY(m_bench->start(m_bench->args(modest, 2)).ok());
        for (const auto& cellId : {greedy, modest})
            QVERIFY(m_bench->waitReady(cellId, patience));
        QVERIFY(!isLow());
    }
    void cleanup() { m_bench.reset(); }

    void theOneThatGrewMostIsStoppedAndNoneIsStartedUntilThereIsRoom() {
        QCOMPARE(m_bench->inside(modest, "head -c 2000000 /dev/zero >$OPENCLAW_STATE_DIR/notes").code, 0);
        m_bench->inside(greedy, "head -c 80000000 /dev/zero >$OPENCLAW_STATE_DIR/much");
        QTRY_COMPARE_WITH_TIMEOUT(stateOf(greedy), std::string("exited"), patience);
        const std::string why = m_bench->cell(greedy)->endedBecause;
        QVERIFY2(why.find("its files had grown most, by ") != std::string::npos, why.c_str());

        const auto refused = m_bench->start(m_bench->args(greedy, 1));
        QVERIFY(!refused.ok());
        QCOMPARE(refused.error().code, ErrorCode::Unavailable);
        QVERIFY2(refused.error().message.find("The disk is almost full") != std::string::npos, refused.error().message.c_str());
        QVERIFY(!m_bench->start(m_bench->args("cbbbbbbbbbbbb", 3)).ok());
        QVERIFY(m_bench->start(m_bench->args(modest, 2)).ok()); // it runs: nothing to start
        QTest::qWait(12'000); // the disk is as full as before, and fuller it does not get
        QCOMPARE(stateOf(modest), std::string("running"));

        QVERIFY(QFile::remove(QString::fromStdString(m_bench->layout(greedy).home() + "/much")));
        QTRY_VERIFY_WITH_TIMEOUT(!isLow(), patience);
        const auto started = m_bench->start(m_bench->args(greedy, 1));
        QVERIFY2(started.ok(), started.ok() ? "" : started.error().message.c_str());
        QVERIFY(m_bench->waitReady(greedy, patience));
        QCOMPARE(m_bench->cell(greedy)->endedBecause, std::string());
    }

    void emptyFilesStopTheOneWhoMakesThem() {
        QCOMPARE(m_bench->inside(modest, "head -c 2000000 /dev/zero >$OPENCLAW_STATE_DIR/notes").code, 0); // more bytes than the other
        // No byte of the disk, but all but 600 of its 8192 inodes.
        QVERIFY(freeFiles() > 2000);
        m_bench->inside(greedy, QString("mkdir $OPENCLAW_STATE_DIR/many; cd $OPENCLAW_STATE_DIR/many; i=0; while [ $i -lt %1 ]; do : >$i; i=$((i+1)); done")
                                    .arg(freeFiles() - 600));
        QTRY_COMPARE_WITH_TIMEOUT(stateOf(greedy), std::string("exited"), patience);
        const std::string why = m_bench->cell(greedy)->endedBecause;
        QVERIFY2(why.find("its files had grown most, by ") != std::string::npos && why.find(" files. ") != std::string::npos, why.c_str());
        QCOMPARE(stateOf(modest), std::string("running"));
        const auto refused = m_bench->start(m_bench->args(greedy, 1));
        QVERIFY(!refused.ok());
        QVERIFY2(refused.error().message.find(" more files can be made, and 1024 are kept") != std::string::npos, refused.error().message.c_str());

        QVERIFY(QDir(QString::fromStdString(m_bench->layout(greedy).home() + "/many")).removeRecursively());
        QTRY_VERIFY_WITH_TIMEOUT(!isLow(), patience);
        QVERIFY(m_bench->start(m_bench->args(greedy, 1)).ok());
    }

    void whenNobodyIsSeenToGrowAllAreStoppedBeforeTheDatabaseStarves() {
        // A file without a name: no folder shows it.
        m_bench->inside(greedy, "(exec 3>$OPENCLAW_STATE_DIR/hidden; rm $OPENCLAW_STATE_DIR/hidden; head -c 95000000 /dev/zero >&3; sleep 300) "
                                ">/dev/null 2>&1 &");
        for (const auto& cellId : {greedy, modest}) {
            QTRY_COMPARE_WITH_TIMEOUT(stateOf(cellId), std::string("exited"), patience);
            QVERIFY(m_bench->cell(cellId)->endedBecause.find("All workspaces were stopped") != std::string::npos);
        }
        QTRY_VERIFY_WITH_TIMEOUT(!isLow(), patience); // its end closed the file
        QVERIFY(m_bench->start(m_bench->args(modest, 2)).ok());
    }
};

QTEST_GUILESS_MAIN(TestCellDisk)
#include "tst_cell_disk.moc"
