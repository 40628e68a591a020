// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/files.h"
#include "supervisor/log_files.h"

#include <QTemporaryDir>
#include <QtTest>

using namespace clawloops;
using namespace clawloops::supervisor;

class TestLogFiles : public QObject {
    Q_OBJECT
    QTemporaryDir m_directory;
    std::filesystem::path path(const char* name) const { return m_directory.filePath(QString::fromLatin1(name)).toStdString(); }
    void put(const char* name, std::string_view text) const { QVERIFY(writeFileAtomically(path(name), text, 0600).ok()); }

private Q_SLOTS:
    void theLastWordsAreTheMessageOfAJsonLine() {
        put("a.log", "first\n{\"level\":\"error\",\"msg\":\"the port is taken\"}\n\n");
        QCOMPARE(lastLine(path("a.log")), std::string("the port is taken"));
        put("b.log", "FATAL:  something\n");
        QCOMPARE(lastLine(path("b.log")), std::string("FATAL:  something"));
        QCOMPARE(lastLine(path("none.log")), std::string());
        put("c.log", std::string(100'000, 'x'));
        QVERIFY(lastLine(path("c.log")).size() <= 300);
    }

    void aRequestIsFoundInEveryComponentsLog() {
        put("gateway.log", "{\"rid\":\"req_aaaa\"}\n{\"rid\":\"req_bbbb\"}\n");
        put("relay.log.1", "{\"rid\":\"req_aaaa\",\"msg\":\"older\"}\n");
        const auto found = findInLogs(m_directory.path().toStdString(), "req_aaaa");
        QCOMPARE(found.size(), std::size_t(2));
        QCOMPARE(found[0].component, std::string("gateway"));
        QCOMPARE(found[1].component, std::string("relay"));
    }

    void aClientsOwnRequestIdInTraefiksLogDoesNotCount() {
        put("traefik.log", "{\"request_X-Request-Id\":\"req_cccc\"}\n{\"downstream_X-Request-Id\":\"req_cccc\",\"n\":2}\n");
        const auto found = findInLogs(m_directory.path().toStdString(), "req_cccc");
        QCOMPARE(found.size(), std::size_t(1));
        QVERIFY(found[0].line.find("\"n\":2") != std::string::npos);
    }

    void atMostFiveHundredLinesComeBack() {
        std::string many;
        for (int i = 0; i < 2000; ++i)
            many += "{\"rid\":\"req_dddd\"}\n";
        put("many.log", many);
        QCOMPARE(findInLogs(m_directory.path().toStdString(), "req_dddd").size(), std::size_t(500));
    }

    void aLargeLogIsPutAsideWhileItsWriterGoesOn() {
        QFile writer(m_directory.filePath(QStringLiteral("big.log")));
        QVERIFY(writer.open(QIODevice::Append));
        writer.write(QByteArray(5000, 'x'));
        writer.flush();
        rotateLogs(m_directory.path().toStdString(), 4096);
        writer.write("after\n");
        writer.flush();
        QCOMPARE(readFile(path("big.log"))->size(), std::size_t(6));
        QCOMPARE(readFile(path("big.log.1"))->size(), std::size_t(5000));
    }
};

QTEST_GUILESS_MAIN(TestLogFiles)
#include "tst_log_files.moc"
