// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#undef QT_NO_CAST_FROM_ASCII // a rule for the product
#include "runtime/host_facts.h"

#include <QTest>

using namespace clawloops::runtime;

class TestHostFacts : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void thePlanFollowsTheTable_data() {
        QTest::addColumn<bool>("rootless");
        QTest::addColumn<bool>("v2");
        QTest::addColumn<QString>("runtime");
        QTest::addColumn<bool>("limits");
        QTest::newRow("rootful v2") << false << true << "" << true;
        QTest::newRow("rootful hybrid") << false << false << "runc" << true;
        QTest::newRow("rootless v2") << true << true << "" << true;
        QTest::newRow("rootless hybrid") << true << false << "runc" << false;
    }
    void thePlanFollowsTheTable() {
        QFETCH(bool, rootless);
        QFETCH(bool, v2);
        HostFacts facts;
        facts.cgroupV2 = v2;
        facts.runcInstalled = true;
        const EnginePlan plan = planEngine(facts, "auto", rootless);
        QTEST(QString::fromStdString(plan.ociRuntime), "runtime");
        QTEST(plan.canLimit, "limits");
        QTEST(plan.canPause, "limits");
        QCOMPARE(plan.rootless, rootless);
    }

    void theSettingIsStrongerThanTheDetection() {
        QCOMPARE(planEngine({}, "crun", false).ociRuntime, std::string("crun"));
    }

    void limitsStayBelowTheCallersOwn() {
        HostFacts facts;
        facts.openFiles = 4096;
        facts.processes = 3000;
        facts.pidMax = 2000;
        const EnginePlan plan = planEngine(facts, "auto", false);
        QCOMPARE(plan.openFiles.value(), 4096);
        QCOMPARE(plan.processes.value(), 2000);
    }

    void aCallerThatMayRaiseLimitsLeavesProcessesToTheEngine() {
        HostFacts facts;
        facts.mayRaiseLimits = true;
        facts.openFiles = 1'000'000;
        const EnginePlan plan = planEngine(facts, "auto", false);
        QVERIFY(!plan.processes);
        QCOMPARE(plan.openFiles.value(), 20'000);
    }

    void thisMachinesFactsAreThere() {
        const HostFacts facts = readHostFacts();
        QVERIFY(facts.openFiles > 0);
        QVERIFY(facts.pidMax > 0);
    }
};

QTEST_APPLESS_MAIN(TestHostFacts)
#include "tst_host_facts.moc"
