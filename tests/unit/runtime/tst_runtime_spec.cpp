// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The golden files are what podman is told, one argument a line: read them when they change.
#undef QT_NO_CAST_FROM_ASCII // a rule for the product
#include "sample.h"

#include <QFile>
#include <QTest>

class TestRuntimeSpec : public QObject {
    Q_OBJECT
private:
    static void compareWithGolden(const std::vector<std::string>& arguments, const QString& name) {
        QByteArray text;
        for (const std::string& argument : arguments)
            text += QByteArray::fromStdString(argument) + '\n';
        QFile golden(QStringLiteral(SOURCE_DIR "/tests/unit/runtime/golden/") + name);
        QVERIFY2(golden.open(QIODevice::ReadOnly), qPrintable(golden.fileName()));
        const QByteArray wanted = golden.readAll();
        if (text != wanted)
            qInfo().noquote() << "what podman would be told:\n" << text;
        QCOMPARE(text, wanted);
    }

private Q_SLOTS:
    void rootfulArgumentsAreTheGoldenOnes() {
        const auto spec = sample::planCell(sample::args(), sample::site(), sample::rootful());
        compareWithGolden(sample::podmanRun(spec, "runc", "HASH"), "podman_run_rootful.txt");
    }

    void rootlessArgumentsAreTheGoldenOnes() {
        const auto spec = sample::planCell(sample::args(), sample::site(), sample::rootless());
        compareWithGolden(sample::podmanRun(spec, "", "HASH"), "podman_run_rootless.txt");
    }

    void theTokenIsInNoArgument() {
        const auto spec = sample::planCell(sample::args(), sample::site(), sample::rootful());
        for (const std::string& argument : sample::podmanRun(spec, "runc", "HASH"))
            QVERIFY(argument.find("tok_") == std::string::npos);
    }

    void anotherTokenIsTheSameSpec() {
        auto other = sample::args();
        other.token = clawloops::Secret("tok_fedcba9876543210");
        QCOMPARE(hash(other), hash(sample::args()));
        QCOMPARE(hash(other).size(), std::size_t(64));
    }

    void everythingElseChangesTheHash_data() {
        QTest::addColumn<int>("what");
        for (const char* name : {"image", "slot", "username", "models", "title", "default model", "origins", "memory", "cpus",
                                 "pids", "small prompt"})
            QTest::newRow(name) << static_cast<int>(m_row++);
    }
    void everythingElseChangesTheHash() {
        QFETCH(int, what);
        auto other = sample::args();
        switch (what) {
        case 0: other.image = "localhost/clawloops/openclaw:next"; break;
        case 1: other.slot = 4; break;
        case 2: other.username = "bob"; break;
        case 3: other.models.pop_back(); break;
        case 4: other.models[0].title = "Other"; break;
        case 5: other.defaultModel = "starter-litellm"; break;
        case 6: other.origins = {"https://clawloops.local:9444"}; break;
        case 7: other.limits.memoryBytes += 1 << 20; break;
        case 8: other.limits.cpus = 2; break;
        case 9: other.limits.pids = 513; break;
        default: other.smallPrompt = true;
        }
        QVERIFY(hash(other) != hash(sample::args()));
    }

    void theLastSlotStaysBelowTheLastUserId() {
        using sample::IdRange;
        const std::uint64_t end = std::uint64_t(IdRange{IdRange::slots - 1}.base()) + IdRange::count;
        QVERIFY(end < 0xfffffffeull);
        QCOMPARE(IdRange{1}.base() - IdRange{0}.base(), std::uint32_t(65536));
        QCOMPARE(IdRange{3}.cellId(), std::uint32_t(700'000'000 + 3 * 65'536 + 1000));
    }

private:
    static std::string hash(const sample::StartArgs& args) {
        return sample::specHash(sample::planCell(args, sample::site(), sample::rootful()), "runc", args);
    }
    int m_row = 0;
};

QTEST_APPLESS_MAIN(TestRuntimeSpec)
#include "tst_runtime_spec.moc"
