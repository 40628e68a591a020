// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/files.h"

#include <QTemporaryDir>
#include <QtTest>

#include <sys/stat.h>

using namespace clawloops;

class TestFiles : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void aWrittenFileHasItsTextAndExactlyItsMode() {
        const QTemporaryDir directory;
        const std::filesystem::path path = directory.filePath(QStringLiteral("file")).toStdString();
        const mode_t before = ::umask(0077);
        QVERIFY(writeFileAtomically(path, "one", 0644).ok());
        ::umask(before);
        QVERIFY(writeFileAtomically(path, "two", 0644).ok());
        QCOMPARE(*readFile(path), std::string("two"));
        struct stat facts {};
        QVERIFY(::stat(path.c_str(), &facts) == 0);
        QCOMPARE(facts.st_mode & 07777, mode_t(0644));
        QCOMPARE(QDir(directory.path()).entryList(QDir::Files | QDir::Hidden).size(), 1); // nothing left beside it
    }

    void aFailureNamesThePathAndTheReason() {
        const auto missing = readFile("/nonexistent/file");
        QVERIFY(!missing.ok());
        QVERIFY(missing.error().message.find("/nonexistent/file: No such file") != std::string::npos);
        QVERIFY(!writeFileAtomically("/nonexistent/file", "x", 0600).ok());
    }
};

QTEST_GUILESS_MAIN(TestFiles)
#include "tst_files.moc"
