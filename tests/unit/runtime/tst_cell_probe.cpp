// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#undef QT_NO_CAST_FROM_ASCII // a rule for the product
#include "runtime/cell_probe.h"

#include <QTest>

using clawloops::runtime::judgeProbeAnswer;

class TestCellProbe : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void judgesEachAnswer_data() {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<bool>("closed");
        QTest::addColumn<QString>("verdict");
        QTest::newRow("nothing yet") << QByteArray() << false << "read on";
        QTest::newRow("half a line") << QByteArray("HTTP/1.1 200") << false << "read on";
        QTest::newRow("ready") << QByteArray("HTTP/1.1 200 OK\r\n") << false << "ready";
        QTest::newRow("preparing") << QByteArray("HTTP/1.1 503 Service Unavailable\r\n") << false << "live";
        QTest::newRow("refused") << QByteArray("HTTP/1.1 403 Forbidden\r\n") << false << "live";
        QTest::newRow("closed without a word") << QByteArray() << true << "dead";
        QTest::newRow("no HTTP") << QByteArray("SSH-2.0-x\r\n") << false << "dead";
        QTest::newRow("endless first line") << QByteArray(20'000, 'x') << true << "dead";
        QTest::newRow("hostile status") << QByteArray("HTTP/1.1 \x1b[2J\r\n") << false << "live";
    }
    void judgesEachAnswer() {
        QFETCH(QByteArray, text);
        QFETCH(bool, closed);
        const auto probe = judgeProbeAnswer({text.constData(), static_cast<std::size_t>(text.size())}, closed);
        QTEST(QString(!probe ? "read on" : probe->ready ? "ready" : probe->live ? "live" : "dead"), "verdict");
        if (probe)
            QVERIFY(probe->detail.find('\x1b') == std::string::npos);
    }
};

QTEST_APPLESS_MAIN(TestCellProbe)
#include "tst_cell_probe.moc"
