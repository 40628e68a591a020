// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cell_bench.h"

#include "base/random.h"

#include <QDir>
#include <QEventLoop>
#include <QTest>
#include <QTimer>

#include <sys/stat.h>

namespace bench {

Ran command(const QString& program, const QStringList& arguments, int timeoutMs) {
    QProcess process;
    process.setProcessChannelMode(QProcess::MergedChannels);
    process.start(program, arguments);
    if (!process.waitForFinished(timeoutMs)) {
        process.kill();
        process.waitForFinished(5000);
        return {-1, process.readAll() + "(took too long)"};
    }
    return {process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -1, process.readAll()};
}

CellBench::CellBench(std::int64_t diskBytes) : m_instance(randomHex(8)) {
    if (diskBytes > 0)
        m_mounted = command("mount", {"-t", "tmpfs", "-o", "nr_inodes=8192,size=" + QString::number(diskBytes), "tmpfs", m_folder.path()}).code == 0;
    if (diskBytes > 0 && !m_mounted)
        qFatal("no file system could be mounted at %s", qPrintable(m_folder.path()));
    ::chmod(m_folder.path().toUtf8().constData(), 0711);
    QDir().mkpath(m_folder.path() + "/cells");
    QDir().mkpath(m_folder.path() + "/runtimed");
    ::chmod((data() + "/cells").c_str(), 0711);
}

CellBench::~CellBench() {
    m_client.reset();
    if (m_runtimed) {
        m_runtimed->terminate();
        if (!m_runtimed->waitForFinished(10000))
            m_runtimed->kill();
        m_runtimed->waitForFinished(5000);
    }
    m_runtimed.reset();
    const QString label = QString::fromStdString("label=io.clawloops.instance=" + m_instance);
    for (const QByteArray& id : command("podman", {"ps", "-aq", "--filter", label}).out.split('\n'))
        for (int tries = 0; !id.isEmpty() && tries < 5; ++tries)
            if (command("podman", {"rm", "--force", "--ignore", "--time", "0", QString::fromUtf8(id)}).code == 0)
                break;
    if (m_ownImage)
        command("podman", {"rmi", "--force", QString::fromStdString(m_image)});
    if (m_mounted)
        command("umount", {"--lazy", m_folder.path()});
}

bool CellBench::startRuntimed() {
    m_client.reset();
    m_runtimed = std::make_unique<QProcess>();
    m_runtimed->setProcessChannelMode(QProcess::ForwardedChannels);
    m_runtimed->start(QStringLiteral(BINARY_DIR "/bin/clawloops-runtimed"),
                      {"--data", m_folder.path(), "--run", m_folder.path(), "--instance", QString::fromStdString(m_instance),
                       "--cell-program", QStringLiteral(BINARY_DIR "/bin/clawloops-cell"), "--image", QString::fromStdString(m_image),
                       "--reserve", QString::number(m_reserve), "--oci-runtime", "auto",
                       "--rootless", "false", "--control-uid", "0", "--control-gid", "0", "--edge-uid",
                       QString::number(edgeGid), "--edge-gid", QString::number(edgeGid), "--model-uid",
                       QString::number(modelUid), "--log-level", "debug"});
    if (!m_runtimed->waitForStarted(10000))
        return false;
    m_client = std::make_unique<ControlClient>(m_folder.path() + "/runtimed/control.sock", "The runtime manager");
    QObject::connect(m_client.get(), &ControlClient::event, m_client.get(), [this](const QString& name, const json::object& data) {
        if (auto event = parseCellEvent(data); name == "cell" && event)
            m_events.push_back(*event);
    });
    m_client->open();
    return QTest::qWaitFor([this] { return m_client->isConnected(); }, 20000);
}

void CellBench::killRuntimed() {
    m_runtimed->kill();
    m_runtimed->waitForFinished(10000);
}

bool CellBench::makeProbeImage() {
    QTemporaryDir made(QStringLiteral("/tmp/cl-image-XXXXXX"));
    const QString script = QStringLiteral(SOURCE_DIR "/tests/integration/runtime/probe_image.sh");
    m_image = "localhost/clawloops/test-probe:" + m_instance;
    m_ownImage = true;
    const Ran ran = command("sh", {script, made.path(), QString::fromStdString(m_image),
                                     QStringLiteral(BINARY_DIR "/tests/cell_reach")});
    if (ran.code != 0)
        qWarning().noquote() << ran.out;
    return ran.code == 0;
}

Result<json::object> CellBench::call(const std::string& verb, json::object args, int timeoutMs) {
    QEventLoop loop;
    Result<json::object> outcome = json::object();
    m_client->call(
        verb, std::move(args), &loop,
        [&](Result<json::object> answer) {
            outcome = std::move(answer);
            loop.quit();
        },
        std::chrono::milliseconds(timeoutMs));
    loop.exec();
    return outcome;
}

StartArgs CellBench::args(const std::string& cellId, std::int64_t slot) const {
    StartArgs args;
    args.cellId = cellId;
    args.slot = slot;
    args.username = "alice";
    args.image = m_image;
    args.token = Secret("tok_0123456789abcdef");
    args.models = {{"starter", "Starter"}, {"starter-litellm", "Starter through LiteLLM"}};
    args.defaultModel = "starter";
    args.origins = {"https://127.0.0.1:8444"};
    args.limits = {512ll << 20, 1, 64};
    return args;
}

Result<Started> CellBench::start(const StartArgs& args) {
    auto answer = call("cell.start", toJson(args));
    if (!answer) {
        qWarning() << answer.error().message.c_str() << answer.error().detail.c_str();
        return answer.error();
    }
    return parseStarted(*answer);
}

std::optional<Cell> CellBench::cell(const std::string& cellId) {
    const auto answer = call("cell.list");
    const auto cells = answer ? parseCells(*answer) : Result<std::vector<Cell>>(answer.error());
    if (cells)
        for (const Cell& one : *cells)
            if (one.cellId == cellId)
                return one;
    return std::nullopt;
}

Ran CellBench::inside(const std::string& cellId, const QString& shell) {
    return command("podman", {"exec", QString::fromStdString("clawloops-" + m_instance + "-" + cellId), "/bin/sh", "-c", shell});
}

bool CellBench::waitReady(const std::string& cellId, int timeoutMs) {
    return QTest::qWaitFor(
        [&] {
            const auto answer = call("cell.probe", toJson(CellArgs{cellId}));
            const auto probe = answer ? parseProbe(*answer) : Result<Probe>(answer.error());
            return probe.ok() && probe->ready;
        },
        timeoutMs);
}

bool CellBench::waitState(const std::string& cellId, const std::string& state, int timeoutMs) {
    return QTest::qWaitFor(
        [&] {
            const auto found = cell(cellId);
            return found && found->state == state;
        },
        timeoutMs);
}

} // namespace bench
