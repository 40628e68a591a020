// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/log.h"
#include "link/control_server.h"
#include "runtime/runtime_service.h"
#include "runtime/runtimed_flags.h"

#include <QCoreApplication>
#include <QSocketNotifier>

#include <csignal>
#include <cstdio>
#include <sys/eventfd.h>
#include <unistd.h>

using namespace clawloops;

namespace {

constexpr Log logger("runtimed");
int wakeUp = -1;

// A handler, not a blocked signal with a signalfd: podman would inherit the blocking.
void onSignal(int) {
    const std::uint64_t one = 1;
    [[maybe_unused]] const ssize_t ignored = ::write(wakeUp, &one, sizeof one);
}

int complain(int code, const std::string& sentence) {
    std::fprintf(stderr, "clawloops-runtimed: %s\n", sentence.c_str());
    return code;
}

}

int main(int argc, char** argv) {
    setLogProgram("clawloops-runtimed");
    const auto flags = runtime::parseRuntimedFlags({argv + 1, argv + argc});
    if (!flags)
        return complain(64, flags.error().message);
    setLogDebug(flags->debug);
    const runtime::HostFacts facts = runtime::readHostFacts();
    if (!flags->rootless && !facts.root)
        return complain(71, "Only root can run the rootful engine: start it as root, or with --rootless true.");
    if (::access(flags->cellProgram.c_str(), R_OK | X_OK) != 0)
        return complain(69, flags->cellProgram + " is not there or not executable: install ClawLoops again.");
    const std::string cells = flags->data + "/cells";
    if (::access(cells.c_str(), W_OK | X_OK) != 0)
        return complain(69, "The folder " + cells + " is not there or not writable: start ClawLoops by its supervisor.");

    QCoreApplication application(argc, argv);
    runtime::PodmanEngine engine(flags->instance, runtime::planEngine(facts, flags->ociRuntime, flags->rootless));
    const SystemClock clock;
    runtime::DiskWatch disk(cells, flags->diskReserve, clock);
    runtime::RuntimeService service({flags->instance, cells, flags->cellProgram, flags->image},
                                    {cells, {flags->edgeGid, flags->modelUid}, flags->rootless}, engine, disk);
    ControlServer server;
    service.serve(server);
    const QString socket = QString::fromStdString(flags->run) + QStringLiteral("/runtimed/control.sock");
    if (const Status listening = server.listen(socket, {flags->controlUid}, 0660, flags->rootless ? gid_t(-1) : flags->controlGid);
        !listening)
        return complain(71, listening.error().message);

    wakeUp = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    QSocketNotifier stop(wakeUp, QSocketNotifier::Read);
    QObject::connect(&stop, &QSocketNotifier::activated, &engine,
                     [&] { stop.setEnabled(false), engine.unwatch([] { QCoreApplication::quit(); }); });
    struct sigaction action {};
    action.sa_handler = onSignal;
    for (const int signal : {SIGTERM, SIGINT})
        ::sigaction(signal, &action, nullptr);
    ::signal(SIGPIPE, SIG_IGN);

    engine.watch();
    disk.start();
    engine.info(&application, [](Result<runtime::EngineInfo> info) {
        if (info)
            logger.info("engine", {}, {{"version", info->version}, {"rootless", info->rootless}, {"limits", info->canLimit}});
        else
            logger.error(info.error().message, {}, {{"detail", info.error().detail}});
    });
    return QCoreApplication::exec();
}
