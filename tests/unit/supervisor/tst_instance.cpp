// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/files.h"
#include "supervisor/instance.h"

#include <QTemporaryDir>
#include <QtTest>

using namespace clawloops;
using namespace clawloops::supervisor;
namespace fs = std::filesystem;

class TestInstance : public QObject {
    Q_OBJECT
    static Refusal refusal(const fs::path& data) {
        auto claimed = Instance::claim(data, "1");
        const auto* refused = std::get_if<Refusal>(&claimed);
        return refused ? *refused : Refusal{0, {}};
    }

private Q_SLOTS:
    void aNewDirectoryBecomesOursAndKeepsItsName() {
        const QTemporaryDir directory;
        const fs::path data = directory.path().toStdString() + "/new/data";
        std::string id;
        {
            auto claimed = Instance::claim(data, "1");
            QVERIFY(std::holds_alternative<Instance>(claimed));
            id = std::get<Instance>(claimed).id();
            QCOMPARE(id.size(), std::size_t(8));
        }
        auto again = Instance::claim(data, "2");
        QVERIFY(std::holds_alternative<Instance>(again));
        QCOMPARE(std::get<Instance>(again).id(), id);
    }

    void aSecondClaimNamesTheHoldersPid() {
        const QTemporaryDir directory;
        const fs::path data = directory.path().toStdString() + "/d";
        auto first = Instance::claim(data, "1");
        const Refusal second = refusal(data);
        QCOMPARE(second.exitCode, 73);
        QVERIFY2(second.sentence.find("process id " + std::to_string(::getpid())) != std::string::npos, second.sentence.c_str());
    }

    void somebodyElsesDirectoryIsRefusedAndLeftAlone() {
        const QTemporaryDir directory;
        const fs::path data = directory.path().toStdString();
        QVERIFY(writeFileAtomically(data / "thesis.tex", "x", 0644).ok());
        const Refusal refused = refusal(data);
        QCOMPARE(refused.exitCode, 73);
        QVERIFY(refused.sentence.find("thesis.tex") != std::string::npos);
        QCOMPARE(std::distance(fs::directory_iterator(data), {}), 1);
    }

    void aDirectoryWithOnlySettingsIsEmptyEnough() {
        const QTemporaryDir directory;
        const fs::path data = directory.path().toStdString();
        QVERIFY(writeFileAtomically(data / "clawloops.conf", "", 0644).ok());
        QCOMPARE(refusal(data).exitCode, 0);
    }

    void aSymbolicLinkIsRefused() {
        const QTemporaryDir directory;
        const std::string base = directory.path().toStdString();
        fs::create_directory(base + "/real");
        fs::create_directory_symlink(base + "/real", base + "/link");
        QCOMPARE(refusal(base + "/link").exitCode, 73);
        QVERIFY(fs::is_empty(base + "/real"));
    }

    void aDamagedMarkerIsRefused() {
        const QTemporaryDir directory;
        const fs::path data = directory.path().toStdString();
        QVERIFY(writeFileAtomically(data / ".clawloops", "{\"instance\":", 0644).ok());
        QCOMPARE(refusal(data).exitCode, 73);
    }
};

QTEST_GUILESS_MAIN(TestInstance)
#include "tst_instance.moc"
