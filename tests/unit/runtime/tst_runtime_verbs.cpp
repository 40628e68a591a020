// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
// What one side writes the other reads back, and nothing else.
#undef QT_NO_CAST_FROM_ASCII // a rule for the product
#include "sample.h"

#include <QTest>

using namespace clawloops;
using namespace clawloops::runtime;

class TestRuntimeVerbs : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void startArgumentsComeBack() {
        auto args = sample::args();
        args.smallPrompt = true;
        const auto read = parseStartArgs(toJson(args));
        QVERIFY(read.ok());
        QCOMPARE(read->cellId, args.cellId);
        QCOMPARE(read->slot, args.slot);
        QVERIFY(read->token.equals(args.token));
        QVERIFY(read->models == args.models);
        QVERIFY(read->origins == args.origins);
        QVERIFY(read->limits == args.limits);
        QVERIFY(read->smallPrompt);
    }

    void cellsComeBack() {
        const std::vector<Cell> cells = {{"c0123456789ab", "running", "s", "2026-11-22T17:54:13.000Z", 5, std::nullopt, "i", {}},
                                         {"caaaaaaaaaaaa", "exited", "s", "", 0, 78, "i", "the disk was full"}};
        const auto read = parseCells(toJson(cells));
        QVERIFY(read.ok());
        QCOMPARE(read->size(), std::size_t(2));
        QVERIFY(!read->at(0).exitCode);
        QCOMPARE(read->at(1).exitCode.value(), 78);
        QCOMPARE(read->at(1).endedBecause, cells[1].endedBecause);
        QCOMPARE(read->at(0).startedAt, cells[0].startedAt);
    }

    void theSmallOnesComeBack() {
        QCOMPARE(parseEngineInfo(toJson(EngineInfo{"podman", "4.3.1", true, "runc", false, true}))->ociRuntime, std::string("runc"));
        QCOMPARE(parseProbe(toJson(Probe{true, false, "why"}))->detail, std::string("why"));
        QCOMPARE(parseDisk(toJson(Disk{1, 2, true, "why"}))->sentence, std::string("why"));
        QVERIFY(parseStarted(toJson(Started{"h", true}))->started);
        QVERIFY(parseRemoveArgs(toJson(RemoveArgs{"c", true}))->wipe);
        QCOMPARE(parseLines(linesToJson({"a", "b"}))->at(1), std::string("b"));
        QCOMPARE(parseCellEvent(toJson(CellEvent{"c", "exited", 78}))->exitCode.value(), 78);
        QCOMPARE(parseImage(imageToJson("id")).value(), std::string("id"));
        QCOMPARE(parsePrepareArgs(toJson(PrepareArgs{"c", 9}))->slot, 9);
        QCOMPARE(parseLogsArgs(toJson(LogsArgs{"c", 9}))->lines, 9);
    }

    void namesWhatIsWrong() {
        auto start = toJson(sample::args());
        start["privileged"] = true;
        QVERIFY(parseStartArgs(start).error().message.find("privileged") != std::string::npos);
        start.erase("privileged");
        start["limits"].get_object()["swap"] = 1;
        QVERIFY(parseStartArgs(start).error().message.find("swap") != std::string::npos);
        start = toJson(sample::args());
        start["slot"] = "3";
        QVERIFY(parseStartArgs(start).error().message.find("slot") != std::string::npos);
        start = toJson(sample::args());
        start["models"] = json::array{"starter"};
        QVERIFY(!parseStartArgs(start).ok());
        start = toJson(sample::args());
        start.erase("image");
        QVERIFY(parseStartArgs(start).error().message.find("image") != std::string::npos);
    }
};

QTEST_APPLESS_MAIN(TestRuntimeVerbs)
#include "tst_runtime_verbs.moc"
