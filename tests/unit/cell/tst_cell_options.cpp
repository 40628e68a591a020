// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cell/options.h"

#include <QTest>

using namespace clawloops::cell;

class TestCellOptions : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void readsJoinsAndTheProgram() {
        std::string error;
        const auto options = parseOptions({"--join", "unix:/a/in.sock=tcp:18789", "--join", "tcp:11411=unix:/b/m.sock", "--",
                                           "openclaw", "gateway", "--", "x"},
                                          error);
        QVERIFY2(options, error.c_str());
        const std::vector<JoinSpec> joins = {{{"/a/in.sock", 0}, {"", 18789}}, {{"", 11411}, {"/b/m.sock", 0}}};
        QVERIFY(options->joins == joins);
        const std::vector<std::string> command = {"openclaw", "gateway", "--", "x"};
        QVERIFY(options->command == command);
    }

    void refusesEverythingElse_data() {
        QTest::addColumn<QStringList>("arguments");
        QTest::newRow("nothing") << QStringList{};
        QTest::newRow("no program") << QStringList{"--join", "tcp:1=tcp:2"};
        QTest::newRow("no program after the dashes") << QStringList{"--join", "tcp:1=tcp:2", "--"};
        QTest::newRow("unknown flag") << QStringList{"--listen", "tcp:1", "--", "true"};
        QTest::newRow("join without a value") << QStringList{"--join", "--", "true"};
        QTest::newRow("one end") << QStringList{"--join", "tcp:1", "--", "true"};
        QTest::newRow("another address") << QStringList{"--join", "tcp:1=tcp:10.0.0.1:80", "--", "true"};
        QTest::newRow("port 0") << QStringList{"--join", "tcp:0=tcp:2", "--", "true"};
        QTest::newRow("port 65536") << QStringList{"--join", "tcp:65536=tcp:2", "--", "true"};
        QTest::newRow("relative path") << QStringList{"--join", "unix:in.sock=tcp:2", "--", "true"};
        QTest::newRow("path too long") << QStringList{"--join", "unix:/" + QString(120, 'x') + "=tcp:2", "--", "true"};
    }
    void refusesEverythingElse() {
        QFETCH(QStringList, arguments);
        std::vector<std::string> list;
        for (const QString& argument : arguments)
            list.push_back(argument.toStdString());
        std::string error;
        QVERIFY(!parseOptions(list, error));
        QVERIFY(!error.empty());
    }
};

QTEST_APPLESS_MAIN(TestCellOptions)
#include "tst_cell_options.moc"
