// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/body_memory.h"

#include <QTest>
#include <memory>

using clawloops::gateway::BodyMemory;
using Answer = BodyMemory::Answer;

class TestBodyMemory : public QObject {
    Q_OBJECT
private Q_SLOTS:
    // The table of the header, row by row: all 100, a cell 60, its own 10.
    void aCellGetsNoMoreThanItsShare() {
        BodyMemory memory({100, 60, 10});
        BodyMemory::Share first(memory, "a");
        BodyMemory::Share second(memory, "a");
        QVERIFY(first.take(40) == Answer::Granted);
        QVERIFY(second.take(21) == Answer::CellFull);
        QVERIFY(second.take(20) == Answer::Granted);
        QCOMPARE(memory.heldBy("a"), std::uint64_t(60));
    }
    void allTogetherGetNoMoreThanThereIsButEachItsOwn() {
        BodyMemory memory({100, 60, 10});
        BodyMemory::Share a(memory, "a");
        BodyMemory::Share b(memory, "b");
        BodyMemory::Share c(memory, "c");
        QVERIFY(a.take(60) == Answer::Granted);
        QVERIFY(b.take(40) == Answer::Granted);
        QVERIFY(b.take(1) == Answer::AllFull);
        QVERIFY(c.take(11) == Answer::AllFull);
        QVERIFY(c.take(10) == Answer::Granted);
        QVERIFY(c.take(1) == Answer::AllFull);
        QCOMPARE(memory.held(), std::uint64_t(110));
    }
    void whatWasTakenIsGivenBackOnce() {
        BodyMemory memory({100, 60, 10});
        {
            auto share = std::make_unique<BodyMemory::Share>(memory, "a");
            QVERIFY(share->take(60) == Answer::Granted);
            share->release();
            QCOMPARE(memory.held(), std::uint64_t(0));
            QVERIFY(share->take(60) == Answer::Granted);
        }
        QCOMPARE(memory.held(), std::uint64_t(0));
        QCOMPARE(memory.heldBy("a"), std::uint64_t(0));
    }
};

QTEST_GUILESS_MAIN(TestBodyMemory)
#include "tst_body_memory.moc"
