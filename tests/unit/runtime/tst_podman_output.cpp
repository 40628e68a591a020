// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#undef QT_NO_CAST_FROM_ASCII // a rule for the product
#include "runtime/podman_command.h"
#include "runtime/podman_output.h"

#include <QTest>

using namespace clawloops::runtime;

class TestPodmanOutput : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void readsAListingOfPodman4() {
        const auto cells = parsePodmanList(R"([
          {"ExitCode":0,"Id":"1","Image":"localhost/clawloops/openclaw:1","Labels":{"io.clawloops.cell":"c0123456789ab",
           "io.clawloops.spec":"abc","io.clawloops.slot":"7"},"Pid":7425,"StartedAt":1795370053,"State":"running"},
          {"ExitCode":78,"Id":"2","Image":"x","Labels":{"io.clawloops.cell":"caaaaaaaaaaaa"},"Pid":0,
           "StartedAt":-62135596800,"State":"exited"},
          {"ExitCode":0,"Id":"3","Image":"x","Labels":{"io.clawloops.cell":"../../etc"},"State":"running"},
          {"ExitCode":0,"Id":"4","Image":"x","Labels":null,"State":"running"}])");
        QVERIFY(cells.ok());
        QCOMPARE(cells->size(), std::size_t(2));
        const auto& running = cells->at(0);
        QCOMPARE(running.cell.state, std::string("running"));
        QCOMPARE(running.cell.pid, 7425);
        QCOMPARE(running.slot, 7);
        QCOMPARE(running.cell.startedAt, std::string("2026-11-22T17:54:13.000Z"));
        QVERIFY(!running.cell.exitCode);
        const auto& exited = cells->at(1);
        QCOMPARE(exited.cell.exitCode.value(), 78);
        QVERIFY(exited.cell.startedAt.empty());
        QCOMPARE(exited.slot, -1);
    }

    void anEmptyListingIsEmpty() { QVERIFY(parsePodmanList("[]")->empty()); }

    void anythingElseIsAnError() {
        for (const char* text : {"", "null", "{}", "[", "Error: no"})
            QVERIFY(!parsePodmanList(text).ok());
        QVERIFY(!parsePodmanInfo("{}").ok());
    }

    void readsEvents_data() {
        QTest::addColumn<QByteArray>("line");
        QTest::addColumn<QString>("state");
        const auto event = [](const char* status) {
            return QByteArray("{\"ContainerExitCode\":78,\"Status\":\"") + status +
                   "\",\"Attributes\":{\"io.clawloops.cell\":\"c0123456789ab\"}}";
        };
        QTest::newRow("create") << event("create") << "created";
        QTest::newRow("start") << event("start") << "running";
        QTest::newRow("pause") << event("pause") << "paused";
        QTest::newRow("unpause") << event("unpause") << "running";
        QTest::newRow("died") << event("died") << "exited";
        QTest::newRow("remove") << event("remove") << "removed";
        QTest::newRow("cleanup says nothing new") << event("cleanup") << "";
        QTest::newRow("not one of ours") << QByteArray(R"({"Status":"died","Attributes":{"x":"y"}})") << "";
        QTest::newRow("broken line") << QByteArray("{\"Sta") << "";
    }
    void readsEvents() {
        QFETCH(QByteArray, line);
        const auto event = parsePodmanEvent({line.constData(), static_cast<std::size_t>(line.size())});
        QTEST(event ? QString::fromStdString(event->state) : QString(""), "state");
        if (event && event->state == "exited")
            QCOMPARE(event->exitCode.value(), 78);
        else if (event)
            QVERIFY(!event->exitCode);
    }

    void limitsNeedBothControllers() {
        const auto info = [](const char* controllers) {
            return parsePodmanInfo(std::string("{\"host\":{\"cgroupControllers\":") + controllers +
                                   "},\"version\":{\"Version\":\"4.3.1\"}}");
        };
        QVERIFY(info(R"(["cpu","memory","pids"])")->limits);
        QVERIFY(!info(R"(["cpu","memory"])")->limits);
        QVERIFY(!info("null")->limits);
        QCOMPARE(info("[]")->version, std::string("4.3.1"));
    }

    void theLastLineIsWhatAPersonReads() {
        QCOMPARE(lastLine("warning\nError: no such image\n\n"), std::string("no such image"));
        QCOMPARE(lastLine("one"), std::string("one"));
        QCOMPARE(lastLine(" \n"), std::string());
    }
};

QTEST_APPLESS_MAIN(TestPodmanOutput)
#include "tst_podman_output.moc"
