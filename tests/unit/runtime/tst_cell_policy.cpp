// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
// One case for each row of the table in cell_policy.h.
#undef QT_NO_CAST_FROM_ASCII // a rule for the product
#include "runtime/cell_policy.h"
#include "sample.h"

#include <QTest>

#include <functional>

using namespace clawloops::runtime;
using ChangeArgs = std::function<void(StartArgs&)>;
using ChangeSpec = std::function<void(RuntimeSpec&)>;
Q_DECLARE_METATYPE(ChangeArgs)
Q_DECLARE_METATYPE(ChangeSpec)

class TestCellPolicy : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void whatTheControlPlaneAsksForPasses() {
        QVERIFY(checkArguments(sample::args(), sample::site()).ok());
        for (const auto& plan : {sample::rootful(), sample::rootless()})
            QVERIFY(checkSpec(planCell(sample::args(), sample::site(), plan), sample::site()).ok());
        auto pinned = sample::args();
        pinned.image = "ghcr.io/openclaw/openclaw@sha256:" + std::string(64, 'a');
        auto site = sample::site();
        site.image = pinned.image;
        pinned.limits = {};
        pinned.origins = {"https://[fd00::1]:8444", "https://10.0.0.2"};
        QVERIFY(checkArguments(pinned, site).ok());
    }

    void refusesArguments_data() {
        QTest::addColumn<ChangeArgs>("change");
        const auto row = [](const char* name, ChangeArgs change) { QTest::newRow(name) << change; };
        row("cell id climbs", [](StartArgs& a) { a.cellId = "../../../etc/"; });
        row("cell id in capitals", [](StartArgs& a) { a.cellId = "c0123456789AB"; });
        row("cell id too short", [](StartArgs& a) { a.cellId = "c0123"; });
        row("negative slot", [](StartArgs& a) { a.slot = -1; });
        row("slot beyond the ranges", [](StartArgs& a) { a.slot = 50'000; });
        row("slot that maps root by overflow", [](StartArgs& a) { a.slot = 65'536ll * 65'536; });
        row("foreign image", [](StartArgs& a) { a.image = "docker.io/library/debian:12"; });
        row("image beside ours", [](StartArgs& a) { a.image = "localhost/other/openclaw:1"; });
        row("image that climbs", [](StartArgs& a) { a.image = "localhost/clawloops/../x"; });
        row("image that is an option", [](StartArgs& a) { a.image = "--privileged"; });
        row("image with a space", [](StartArgs& a) { a.image = "localhost/clawloops/x y"; });
        row("image with a short digest", [](StartArgs& a) { a.image = "x@sha256:abc"; });
        row("image of a local file", [](StartArgs& a) { a.image = "docker-archive:/etc/passwd@sha256:" + std::string(64, 'a') + "x"; });
        row("another image of ours", [](StartArgs& a) { a.image = "localhost/clawloops/openclaw:0000000000000000"; });
        row("another pinned image", [](StartArgs& a) { a.image = "ghcr.io/other/openclaw@sha256:" + std::string(64, 'a'); });
        row("username with a slash", [](StartArgs& a) { a.username = "al/ice"; });
        row("empty username", [](StartArgs& a) { a.username.clear(); });
        row("short token", [](StartArgs& a) { a.token = clawloops::Secret("x"); });
        row("token with a line end", [](StartArgs& a) { a.token = clawloops::Secret("tok_0123456789abcdef\nx"); });
        row("model name with a quote", [](StartArgs& a) { a.models[1].name = "a\"b"; });
        row("model title with a control character", [](StartArgs& a) { a.models[1].title = "a\x1b[2J"; });
        row("default model is none of them", [](StartArgs& a) { a.defaultModel = "other"; });
        row("origin without TLS", [](StartArgs& a) { a.origins = {"http://host:1"}; });
        row("origin with a path", [](StartArgs& a) { a.origins = {"https://host:1/x"}; });
        row("wildcard origin", [](StartArgs& a) { a.origins = {"*"}; });
        row("negative memory", [](StartArgs& a) { a.limits.memoryBytes = -1; });
        row("memory too small", [](StartArgs& a) { a.limits.memoryBytes = 1 << 20; });
        row("negative cpus", [](StartArgs& a) { a.limits.cpus = -1; });
        row("cpus that are no number", [](StartArgs& a) { a.limits.cpus = std::nan(""); });
        row("negative processes", [](StartArgs& a) { a.limits.pids = -1; });
    }
    void refusesArguments() {
        QFETCH(ChangeArgs, change);
        auto args = sample::args();
        change(args);
        const auto status = checkArguments(args, sample::site());
        QVERIFY(!status.ok());
    }

    // Each is refused for its form, even where the runtime manager was started with it.
    void refusesImages_data() {
        QTest::addColumn<QString>("image");
        const QString digest = "@sha256:" + QString(64, 'a');
        QTest::newRow("foreign") << "docker.io/library/debian:12";
        QTest::newRow("beside ours") << "localhost/other/openclaw:1";
        QTest::newRow("climbs") << "localhost/clawloops/../x";
        QTest::newRow("an option") << "--privileged";
        QTest::newRow("short digest") << "ghcr.io/x@sha256:abc";
        QTest::newRow("a local archive") << "docker-archive:/etc/passwd" + digest;
        QTest::newRow("a local folder") << "dir:/var/lib" + digest;
        QTest::newRow("a layout in a cell's home") << "oci:/var/lib/clawloops/cells/c0123456789ab/home/x" + digest;
        QTest::newRow("without a registry") << "openclaw" + digest;
    }
    void refusesImages() {
        QFETCH(QString, image);
        auto site = sample::site();
        site.image = image.toStdString();
        const auto status = checkImage(site.image, site);
        QVERIFY(!status.ok());
        QCOMPARE(status.error().code, clawloops::ErrorCode::InvalidRequest);
    }

    void aRegistryWithItsPortIsOne() {
        auto site = sample::site();
        site.image = "localhost:5000/team/openclaw@sha256:" + std::string(64, 'a');
        QVERIFY(checkImage(site.image, site).ok());
    }

    void noLimitPassesOnlyWhereTheEngineCannotLimit() {
        auto args = sample::args();
        for (auto change : {+[](CellLimits& l) { l.memoryBytes = 0; }, +[](CellLimits& l) { l.cpus = 0; }, +[](CellLimits& l) { l.pids = 0; }}) {
            auto spec = args;
            change(spec.limits);
            QVERIFY(!checkSpec(planCell(spec, sample::site(), sample::rootful()), sample::site()).ok());
            QVERIFY(checkSpec(planCell(spec, sample::site(), sample::rootless()), sample::site()).ok());
        }
    }

    void refusesSpecs_data() {
        QTest::addColumn<ChangeSpec>("change");
        const auto row = [](const char* name, ChangeSpec change) { QTest::newRow(name) << change; };
        row("host network", [](RuntimeSpec& s) { s.network = "host"; });
        row("bridge network", [](RuntimeSpec& s) { s.network = "bridge"; });
        row("privileged", [](RuntimeSpec& s) { s.privileged = true; });
        row("a capability", [](RuntimeSpec& s) { s.addedCapabilities = {"SYS_ADMIN"}; });
        row("a device", [](RuntimeSpec& s) { s.devices = {"/dev/kvm"}; });
        row("new privileges", [](RuntimeSpec& s) { s.securityOptions = {}; });
        row("no system call filter", [](RuntimeSpec& s) { s.securityOptions.push_back("seccomp=unconfined"); });
        row("writable root", [](RuntimeSpec& s) { s.readOnlyRoot = false; });
        row("root inside", [](RuntimeSpec& s) { s.user = "0:0"; });
        row("executable device in tmp", [](RuntimeSpec& s) { s.temporary = "/tmp:rw,dev,suid"; });
        row("the engine's socket", [](RuntimeSpec& s) { s.mounts.push_back({"/run/podman/podman.sock", "/run/p.sock", false}); });
        row("the host's root", [](RuntimeSpec& s) { s.mounts.push_back({"/", "/host", true}); });
        row("another cell's home", [](RuntimeSpec& s) { s.mounts[4].source = "/var/lib/clawloops/cells/caaaaaaaaaaaa/home"; });
        row("writable configuration", [](RuntimeSpec& s) { s.mounts[3].readOnly = false; });
        row("writable model folder", [](RuntimeSpec& s) { s.mounts[2].readOnly = false; });
        row("home somewhere else", [](RuntimeSpec& s) { s.mounts[4].target = "/etc"; });
        row("another first process", [](RuntimeSpec& s) { s.entrypoint = "/bin/sh"; });
        row("another instance", [](RuntimeSpec& s) { s.instance = "deadbeef"; });
        row("a cell id that climbs", [](RuntimeSpec& s) { s.cellId = ".."; });
        row("a foreign image", [](RuntimeSpec& s) { s.image = "debian"; });
        row("a slot outside", [](RuntimeSpec& s) { s.slot = -10'000; });
    }
    void refusesSpecs() {
        QFETCH(ChangeSpec, change);
        auto spec = planCell(sample::args(), sample::site(), sample::rootful());
        change(spec);
        QVERIFY(!checkSpec(spec, sample::site()).ok());
    }
};

QTEST_APPLESS_MAIN(TestCellPolicy)
#include "tst_cell_policy.moc"
