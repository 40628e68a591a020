// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/flags.h"

#include <QTest>

using clawloops::Flags;

namespace {

Flags flags(std::vector<std::string> words) {
    std::vector<char*> arguments{const_cast<char*>("program")};
    for (std::string& word : words)
        arguments.push_back(word.data());
    return Flags(static_cast<int>(arguments.size()), arguments.data(), {"--data", "--listen", "--uid"});
}

std::string problem(Flags flags) { // as a daemon reads them
    static_cast<void>(flags.text("--data"));
    static_cast<void>(flags.address("--listen"));
    static_cast<void>(flags.number<unsigned>("--uid"));
    static_cast<void>(flags.debug());
    const clawloops::Status status = flags.finish();
    return status ? std::string() : status.error().message;
}

} // namespace

class TestFlags : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void valuesAreRead() {
        Flags all = flags({"--uid", "7", "--listen", "[::1]:18445", "--data", "/d", "--log-level", "debug"});
        QCOMPARE(all.text("--data"), std::string("/d"));
        QCOMPARE(all.address("--listen").host, std::string("[::1]"));
        QCOMPARE(all.address("--listen").port, std::uint16_t(18445));
        QCOMPARE(all.number<unsigned>("--uid"), 7u);
        QVERIFY(all.debug());
        QVERIFY(all.finish().ok());
        QVERIFY(!flags({}).debug());
    }
    void whatIsWrongIsNamed_data() {
        QTest::addColumn<QByteArrayList>("words");
        QTest::addColumn<QByteArray>("said");
        QTest::newRow("unknown") << QByteArrayList{"--dta", "/d"} << QByteArray("The flag \"--dta\" is unknown; internals.md lists the flags.");
        QTest::newRow("no value") << QByteArrayList{"--data"} << QByteArray("The flag --data lacks its value.");
        QTest::newRow("twice") << QByteArrayList{"--data", "/d", "--data", "/e"} << QByteArray("The flag --data is given twice.");
        QTest::newRow("missing") << QByteArrayList{"--uid", "1", "--listen", "a:1"} << QByteArray("The flag --data is missing.");
        for (const char* address : {"127.0.0.1", ":", "127.0.0.1:", "127.0.0.1:x", "127.0.0.1:1x", "127.0.0.1:70000"})
            QTest::newRow(address) << QByteArrayList{"--data", "/d", "--uid", "1", "--listen", address}
                                   << QByteArray("--listen must be ADDRESS:PORT, like 127.0.0.1:18444.");
        for (const char* number : {"", "x", "1x", "-1", "99999999999"})
            QTest::newRow(number) << QByteArrayList{"--data", "/d", "--listen", "a:1", "--uid", number} << QByteArray("--uid must be a number.");
        QTest::newRow("level") << QByteArrayList{"--data", "/d", "--listen", "a:1", "--uid", "1", "--log-level", "loud"}
                               << QByteArray("--log-level must be info or debug.");
    }
    void whatIsWrongIsNamed() {
        QFETCH(QByteArrayList, words);
        QFETCH(QByteArray, said);
        std::vector<std::string> given;
        for (const QByteArray& word : words)
            given.push_back(word.toStdString());
        QCOMPARE(problem(flags(given)), said.toStdString());
    }
};

QTEST_GUILESS_MAIN(TestFlags)
#include "tst_flags.moc"
