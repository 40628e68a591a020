// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "relay/target.h"

#include <QtTest>

using namespace clawloops::relay;

class TestTarget : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void targetsThatTwoReadersMayTakeDifferentlyAreRefused_data() {
        QTest::addColumn<QByteArray>("target");
        for (const char* target :
             {"", "w/anna/", "*", "https://host:8444/w/anna/", "//w/anna/", "/w//anna/", "/w/anna//x", "/w/anna/../bert/", "/w/anna/..",
              "/w/anna/./x", "/w/anna/.", "/w/anna/..%2fbert", "/w/anna/%2e%2e/bert", "/w/anna/.%2E/bert", "/w/anna/%2F", "/w/anna/a%5cb",
              "/w/anna/a\\b", "/w/anna/%00", "/w/anna/%252e%252e/bert", "/w/anna/%252F", "/w/anna/#x", "/w/anna/?a#b", "/w/anna/%", "/w/anna/%2",
              "/w/anna/%zz", "/w/anna/a b", "/w/anna/\x01", "/w/anna/\xc3\xa4", "/w/anna/?a=%g1", "/w/anna/\x7f"})
            QTest::newRow(QByteArray(target).toPercentEncoding("/").constData()) << QByteArray(target);
    }
    void targetsThatTwoReadersMayTakeDifferentlyAreRefused() {
        QFETCH(QByteArray, target);
        QVERIFY(!whyTargetRefused(target.toStdString()).empty());
    }

    void ordinaryTargetsPass_data() {
        QTest::addColumn<QByteArray>("target");
        for (const char* target : {"/", "/w/anna/", "/w/anna/x.js?v=1", "/w/anna/a%20b", "/w/anna/...", "/w/anna/.well", "/w/anna/a..b",
                                   "/w/anna/?q=../..//%2f", "/w/anna/%25", "/w/anna/%C3%A4"})
            QTest::newRow(target) << QByteArray(target);
    }
    void ordinaryTargetsPass() {
        QFETCH(QByteArray, target);
        QVERIFY2(whyTargetRefused(target.toStdString()).empty(), whyTargetRefused(target.toStdString()).data());
    }

    void thePrefixIsComparedLiterallyUpToAWholeSegment() {
        QVERIFY(targetBeneath("/w/anna/", "/w/anna/"));
        QVERIFY(targetBeneath("/w/anna/x?y", "/w/anna/"));
        QVERIFY(targetBeneath("/w/anna", "/w/anna/"));
        QVERIFY(targetBeneath("/w/anna?a=/b", "/w/anna/"));
        QVERIFY(!targetBeneath("/w/annabel/", "/w/anna/"));
        QVERIFY(!targetBeneath("/w/%61nna/", "/w/anna/"));
        QVERIFY(!targetBeneath("/x?/w/anna/", "/w/anna/"));
        QVERIFY(!targetBeneath("/api/v1/admin/rpc", "/w/anna/"));
        QVERIFY(!targetBeneath("/w/anna/", ""));
    }

    void onlyAWorkspaceIsAPrefix() {
        QVERIFY(isWorkspacePrefix("/w/anna/"));
        QVERIFY(isWorkspacePrefix("/w/a-1/"));
        for (const char* prefix : {"", "/", "/w/", "/w//", "/w/a/", "/w/anna", "/w/Anna/", "/w/anna/x/", "/w/-anna/", "/w/anna-/", "/api/anna/",
                                   "/w/abcdefghijklmnopqrstuvwxyzabcdefg/"})
            QVERIFY2(!isWorkspacePrefix(prefix), prefix);
    }

    void aCellIdIsStrict() {
        QVERIFY(isCellId("c0123456789ab"));
        for (const char* id : {"", "c", "c0123456789aB", "c0123456789abc", "d0123456789ab", "../../etc/abc", "c01234567/9ab"})
            QVERIFY2(!isCellId(id), id);
    }
};

QTEST_APPLESS_MAIN(TestTarget)
#include "tst_target.moc"
