// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#undef QT_NO_CAST_FROM_ASCII // a rule for the product
#include "runtime/runtimed_flags.h"

#include <QStringList>
#include <QTest>

using clawloops::runtime::parseRuntimedFlags;

namespace {
const QStringList complete = {"--data",        "/d",   "--run",         "/r",    "--instance",    "0badcafe", "--cell-program",
                              "/p/cell",       "--image", "localhost/clawloops/openclaw:1", "--reserve", "5368709120", "--oci-runtime", "auto",  "--rootless",    "false",    "--control-uid",
                              "901",           "--control-gid", "902",   "--edge-uid",    "903",      "--edge-gid",
                              "904",           "--model-uid",   "905",   "--log-level",   "info"};

auto parse(const QStringList& list) {
    std::vector<std::string> arguments;
    for (const QString& item : list)
        arguments.push_back(item.toStdString());
    return parseRuntimedFlags(arguments);
}
}

class TestRuntimedFlags : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void readsThemAll() {
        const auto flags = parse(complete);
        QVERIFY(flags.ok());
        QCOMPARE(flags->data, std::string("/d"));
        QCOMPARE(flags->cellProgram, std::string("/p/cell"));
        QCOMPARE(flags->image, std::string("localhost/clawloops/openclaw:1"));
        QCOMPARE(flags->diskReserve, std::int64_t(5) << 30);
        QVERIFY(!flags->rootless);
        QCOMPARE(flags->edgeGid, gid_t(904));
        QCOMPARE(flags->modelUid, uid_t(905));
    }

    void eachMissingOneIsNamed() {
        for (int at = 0; at < complete.size(); at += 2) {
            QStringList less = complete;
            less.removeAt(at);
            less.removeAt(at);
            const auto flags = parse(less);
            QVERIFY(!flags.ok());
            QVERIFY2(flags.error().message.find(complete[at].toStdString()) != std::string::npos, qPrintable(complete[at]));
        }
    }

    void refuses_data() {
        QTest::addColumn<QStringList>("more");
        QTest::newRow("unknown") << QStringList{"--colour", "red"};
        QTest::newRow("repeated") << QStringList{"--data", "/x"};
        QTest::newRow("no value") << QStringList{"--verbose"};
        QTest::newRow("no flag") << QStringList{"word", "x"};
    }
    void refuses() {
        QFETCH(QStringList, more);
        QVERIFY(!parse(complete + more).ok());
    }

    void refusesWrongValues_data() {
        QTest::addColumn<QString>("flag");
        QTest::addColumn<QString>("value");
        QTest::newRow("relative data") << "--data" << "d";
        QTest::newRow("comma in data") << "--data" << "/d,ro=false";
        QTest::newRow("instance") << "--instance" << "0badcaf/";
        QTest::newRow("runtime") << "--oci-runtime" << "/bin/sh";
        QTest::newRow("rootless") << "--rootless" << "yes";
        QTest::newRow("reserve") << "--reserve" << "5G";
        QTest::newRow("uid") << "--control-uid" << "-1";
        QTest::newRow("gid") << "--edge-gid" << "5x";
    }
    void refusesWrongValues() {
        QFETCH(QString, flag);
        QFETCH(QString, value);
        QStringList list = complete;
        list[list.indexOf(flag) + 1] = value;
        const auto flags = parse(list);
        QVERIFY(!flags.ok());
        QVERIFY(flags.error().message.find(flag.toStdString()) != std::string::npos);
    }
};

QTEST_APPLESS_MAIN(TestRuntimedFlags)
#include "tst_runtimed_flags.moc"
