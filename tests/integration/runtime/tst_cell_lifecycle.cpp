// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cell_bench.h"

#include <QFile>
#include <QTest>

#include <csignal>
#include <sys/stat.h>
#include <unistd.h>

using namespace bench;

namespace {
const std::string one = "c0123456789ab";
const std::string two = "caaaaaaaaaaaa";

struct stat look(const std::string& path) {
    struct stat info {};
    ::lstat(path.c_str(), &info);
    return info;
}
bool exists(const std::string& path) {
    struct stat info {};
    return ::lstat(path.c_str(), &info) == 0;
}
void put(const std::string& path, const char* text) {
    QFile file(QString::fromStdString(path));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(text);
}
}

class TestCellLifecycle : public QObject {
    Q_OBJECT
private:
    std::unique_ptr<CellBench> m_bench;

    void wipe(const std::string& cellId) { QVERIFY(m_bench->call("cell.remove", toJson(RemoveArgs{cellId, true})).ok()); }

private Q_SLOTS:
    void initTestCase() {
        QVERIFY2(::geteuid() == 0, "this test needs root: it makes user namespaces for cells");
        m_bench = std::make_unique<CellBench>();
        QVERIFY(m_bench->makeProbeImage());
        QVERIFY(m_bench->startRuntimed());
    }
    void cleanupTestCase() { m_bench.reset(); }
    void cleanup() {
        for (const auto& cellId : {one, two})
            wipe(cellId);
    }

    void saysWhatTheEngineCanDo() {
        const auto info = m_bench->call("engine.info");
        QVERIFY(info.ok());
        const auto engine = parseEngineInfo(*info);
        QVERIFY(engine.ok());
        QVERIFY(!engine->rootless);
        QVERIFY(engine->canLimit && engine->canPause);
        QVERIFY(!engine->version.empty());
    }

    void preparesFoldersWithTheirOwners() {
        for (int twice = 0; twice < 2; ++twice)
            QVERIFY(m_bench->call("cell.prepare", toJson(PrepareArgs{one, 5})).ok());
        const uid_t cellUser = IdRange{5}.cellId();
        const CellLayout at = m_bench->layout(one);
        struct Row {
            std::string path;
            uid_t uid;
            gid_t gid;
            mode_t mode;
        };
        for (const Row& row : {Row{at.root(), 0, 0, 0711}, Row{at.in(), cellUser, edgeGid, 02710},
                               Row{at.out(), modelUid, cellUser, 02750}, Row{at.config(), 0, cellUser, 0750},
                               Row{at.home(), cellUser, cellUser, 0700}}) {
            const auto info = look(row.path);
            QCOMPARE(info.st_uid, row.uid);
            QCOMPARE(info.st_gid, row.gid);
            QCOMPARE(info.st_mode & 07777, row.mode);
        }
        const auto refused = m_bench->call("cell.prepare", toJson(PrepareArgs{one, 6})); // another's files
        QVERIFY(!refused.ok());
        QCOMPARE(refused.error().code, ErrorCode::RuntimeActionConflict);
    }

    void startsOnceAndLeavesTheSameSpecAlone() {
        const auto started = m_bench->start(m_bench->args(one, 1));
        QVERIFY(started.ok());
        QVERIFY(started->started);
        QVERIFY(m_bench->waitReady(one, 30000));
        const auto before = m_bench->cell(one);
        QVERIFY(before);
        QCOMPARE(before->spec, started->spec);
        auto again = m_bench->args(one, 1);
        again.token = Secret("tok_another_0123456789");
        const auto second = m_bench->start(again);
        QVERIFY(second.ok() && !second->started);
        QCOMPARE(m_bench->cell(one)->pid, before->pid);
        QCOMPARE(look(m_bench->layout(one).config() + "/openclaw.json").st_mode & 07777, mode_t(0640));
        const auto token = look(m_bench->layout(one).config() + "/token");
        QCOMPARE(token.st_mode & 07777, mode_t(0400));
        QCOMPARE(token.st_uid, IdRange{1}.cellId());

        again.limits.pids = 100;
        const auto changed = m_bench->start(again);
        QVERIFY(changed.ok() && changed->started);
        QVERIFY(changed->spec != started->spec);
        QVERIFY(m_bench->cell(one)->pid != before->pid);
        QVERIFY(exists(m_bench->layout(one).home() + "/saved")); // the old one was asked, not killed
    }

    void adoptsWhatRanWhileItWasDead() {
        QVERIFY(m_bench->start(m_bench->args(one, 1)).ok());
        QVERIFY(m_bench->waitReady(one, 30000));
        const auto before = m_bench->cell(one);
        m_bench->killRuntimed();
        QCOMPARE(::kill(static_cast<pid_t>(before->pid), 0), 0); // no child of the runtime manager
        QVERIFY(m_bench->startRuntimed());
        const auto after = m_bench->cell(one);
        QVERIFY(after);
        QCOMPARE(after->pid, before->pid);
        QCOMPARE(after->spec, before->spec);
        const auto again = m_bench->start(m_bench->args(one, 1));
        QVERIFY(again.ok() && !again->started);
        QVERIFY(m_bench->waitReady(one, 10000));
    }

    void stopLetsTheProgramSaveAndKeepsItsEnd() {
        QVERIFY(m_bench->call("cell.stop", toJson(CellArgs{one})).ok()); // absent: nothing to do
        QVERIFY(m_bench->start(m_bench->args(one, 1)).ok());
        QVERIFY(m_bench->waitReady(one, 30000));
        QVERIFY(m_bench->call("cell.stop", toJson(CellArgs{one})).ok());
        const auto stopped = m_bench->cell(one);
        QVERIFY(stopped);
        QCOMPARE(stopped->state, std::string("exited"));
        QCOMPARE(stopped->exitCode.value(), 0);
        QVERIFY(exists(m_bench->layout(one).home() + "/saved"));
        QVERIFY(m_bench->call("cell.stop", toJson(CellArgs{one})).ok());
        const auto started = m_bench->start(m_bench->args(one, 1));
        QVERIFY(started.ok() && started->started);
    }

    void stopsAPausedCell() {
        QVERIFY(m_bench->start(m_bench->args(one, 1)).ok());
        QVERIFY(m_bench->waitReady(one, 30000));
        const QString name = QString::fromStdString("clawloops-" + m_bench->instance() + "-" + one);
        QCOMPARE(command("podman", {"pause", name}).code, 0);
        QCOMPARE(m_bench->cell(one)->state, std::string("paused"));
        QVERIFY(m_bench->call("cell.stop", toJson(CellArgs{one})).ok());
        QVERIFY(exists(m_bench->layout(one).home() + "/saved"));
    }

    void anEndWith78IsToldWithItsReason() {
        QVERIFY(m_bench->call("cell.prepare", toJson(PrepareArgs{one, 1})).ok());
        put(m_bench->layout(one).home() + "/exit", "78");
        QVERIFY(::chmod((m_bench->layout(one).home() + "/exit").c_str(), 0644) == 0);
        QVERIFY(m_bench->start(m_bench->args(one, 1)).ok());
        QVERIFY(m_bench->waitState(one, "exited", 30000));
        QCOMPARE(m_bench->cell(one)->exitCode.value(), std::int64_t(exitInvalidConfiguration));
        const auto logs = m_bench->call("cell.logs", toJson(LogsArgs{one, 10}));
        QVERIFY(logs.ok());
        const auto lines = parseLines(*logs);
        QVERIFY(lines.ok() && !lines->empty());
        QCOMPARE(lines->back(), std::string("the configuration is invalid: unknown key \"nonsense\""));
        const auto told = [&] {
            for (const CellEvent& event : m_bench->events())
                if (event.cellId == one && event.state == "exited" && event.exitCode == exitInvalidConfiguration)
                    return true;
            return false;
        };
        QTRY_VERIFY_WITH_TIMEOUT(told(), 15000);
    }

    void removeKeepsOrWipesTheWorkspace() {
        QVERIFY(m_bench->start(m_bench->args(one, 1)).ok());
        QVERIFY(m_bench->waitReady(one, 30000));
        put(m_bench->layout(one).home() + "/thesis", "long work");
        QVERIFY(m_bench->call("cell.remove", toJson(RemoveArgs{one, false})).ok());
        QVERIFY(!m_bench->cell(one));
        QVERIFY(exists(m_bench->layout(one).home() + "/thesis"));
        wipe(one);
        QVERIFY(!exists(m_bench->layout(one).root()));
        wipe(one); // nothing left: a success
    }

    void wipeFollowsNoLinkThatTheCellPlanted() {
        const std::string outside = m_bench->data() + "/outside";
        QVERIFY(::mkdir(outside.c_str(), 0777) == 0);
        put(outside + "/precious", "x");
        QVERIFY(m_bench->start(m_bench->args(one, 1)).ok());
        QVERIFY(m_bench->start(m_bench->args(two, 2)).ok());
        QVERIFY(m_bench->waitReady(two, 30000));
        put(m_bench->layout(two).home() + "/theirs", "x");
        const QString target = QString::fromStdString(outside);
        const QString other = QString::fromStdString(m_bench->layout(two).home());
        const Ran planted = m_bench->inside(
            one, "cd /home/node/.openclaw && ln -s " + target + " a && ln -s " + target + "/precious b && ln -s " + other +
                     " c && ln -s ../../" + QString::fromStdString(two) + " d && mkdir -p deep/er && ln -s / deep/er/root");
        QVERIFY2(planted.code == 0, planted.out.constData());
        // Even in place of its folder's own entry: the door of the other cell.
        QCOMPARE(m_bench->inside(one, "cd /run/clawloops/in && rm in.sock && ln -s " + other + " in.sock").code, 0);
        wipe(one);
        QVERIFY(!exists(m_bench->layout(one).root()));
        QVERIFY(exists(outside + "/precious"));
        QVERIFY(exists(m_bench->layout(two).home() + "/theirs"));
        QVERIFY(m_bench->waitReady(two, 10000));
    }

    void refusesWhatATakenOverControlPlaneWouldAsk() {
        auto foreign = m_bench->args(one, 1);
        foreign.image = "docker.io/library/debian:12";
        QCOMPARE(m_bench->call("cell.start", toJson(foreign)).error().code, ErrorCode::InvalidRequest);
        auto climbing = m_bench->args("../../../etc", 1);
        QCOMPARE(m_bench->call("cell.start", toJson(climbing)).error().code, ErrorCode::InvalidRequest);
        QCOMPARE(m_bench->call("cell.remove", {{"cellId", "../cells"}, {"wipe", true}}).error().code, ErrorCode::InvalidRequest);
        auto privileged = toJson(m_bench->args(one, 1));
        privileged["privileged"] = true;
        QCOMPARE(m_bench->call("cell.start", privileged).error().code, ErrorCode::InvalidRequest);
        QVERIFY(!m_bench->call("cell.exec", {{"cellId", one}}).ok());
        QVERIFY(!m_bench->cell(one));
        QVERIFY(!exists(m_bench->layout(one).root()));
    }

    void twoCellsNeverShareARangeOfIds() {
        QVERIFY(m_bench->start(m_bench->args(one, 1)).ok());
        const auto refused = m_bench->call("cell.start", toJson(m_bench->args(two, 1)));
        QCOMPARE(refused.error().code, ErrorCode::RuntimeActionConflict);
    }

    void aMissingImageIsSaidWithWhatToDo() {
        CellBench other;
        other.setImage("localhost/clawloops/none:1");
        QVERIFY(other.startRuntimed());
        const auto missing = other.call("image.ensure", {{"image", other.image()}});
        QCOMPARE(missing.error().code, ErrorCode::Unavailable);
        QVERIFY(missing.error().message.find("installer/up") != std::string::npos);
        const auto there = m_bench->call("image.ensure", {{"image", m_bench->image()}});
        QVERIFY(there.ok());
        QCOMPARE(parseImage(*there)->size(), std::size_t(64));
        QVERIFY(!other.call("cell.start", toJson(other.args(one, 1))).ok());
    }

    void anotherImageThanTheOneItWasStartedWithIsRefused() {
        for (const std::string& image : {std::string("localhost/clawloops/none:1"), "ghcr.io/other/openclaw@sha256:" + std::string(64, 'a')}) {
            QCOMPARE(m_bench->call("image.ensure", {{"image", image}}).error().code, ErrorCode::RuntimeActionConflict);
            auto args = m_bench->args(one, 1);
            args.image = image;
            QCOMPARE(m_bench->call("cell.start", toJson(args)).error().code, ErrorCode::RuntimeActionConflict);
        }
    }
};

QTEST_GUILESS_MAIN(TestCellLifecycle)
#include "tst_cell_lifecycle.moc"
