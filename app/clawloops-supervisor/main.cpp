// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/log.h"
#include "command_line.h"
#include "local_commands.h"
#include "supervisor/component_specs.h"
#include "supervisor/instance.h"
#include "supervisor/layout.h"
#include "supervisor/preflight.h"
#include "supervisor/supervisor.h"

#include <QCoreApplication>
#include <QFile>
#include <QSocketNotifier>

#include <csignal>
#include <cstdio>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace clawloops;
using namespace clawloops::supervisor;

namespace {
int refuse(const Refusal& refusal) {
    std::fprintf(stderr, "%s\n", refusal.sentence.c_str());
    return refusal.exitCode;
}

int refuse(const Error& error) { return refuse(refusalFor(error)); }

// Signals as a descriptor: no handler, so nothing runs at a bad moment.
int stopSignals() {
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    sigprocmask(SIG_BLOCK, &set, nullptr);
    std::signal(SIGPIPE, SIG_IGN);
    std::signal(SIGHUP, SIG_IGN); // a closed terminal must not stop a running appliance
    return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

std::set<std::string> namesOf(const RecordedProcesses& survivors) {
    std::set<std::string> names;
    for (const auto& [name, process] : survivors)
        names.insert(name);
    return names;
}

int check(const CommandLine& line, const Places& places) {
    if (auto refusal = lookAtDataDirectory(places.data))
        return refuse(*refusal);
    const auto survivors = loadSurvivors(places.data / "state" / "supervisor.json");
    const TrustFacts none;
    if (auto refusal = preflight(line.settings, places, componentSpecs(line.settings, places, none), namesOf(survivors), SystemClock()))
        return refuse(*refusal);
    std::printf("Nothing stands in the way of a start.\n");
    return 0;
}

int run(const CommandLine& line, Places& places) {
    const SystemClock clock;
    // The cheap ones before anything is made, so that a refused start leaves no trace.
    const TrustFacts noTrust;
    if (auto refusal = checkClock(clock))
        return refuse(*refusal);
    if (auto refusal = checkDisk(places.data, line.settings.integer("disk.least")))
        return refuse(*refusal);
    if (auto refusal = checkPrograms(componentSpecs(line.settings, places, noTrust)))
        return refuse(*refusal);
    auto claimed = Instance::claim(places.data, CLAWLOOPS_VERSION);
    if (auto* refusal = std::get_if<Refusal>(&claimed))
        return refuse(*refusal);
    places.instance = std::get<Instance>(claimed).id();
    if (Status done = makeDirectories(directoryLayout(places)); !done)
        return refuse(done.error());
    const RecordedProcesses survivors = loadSurvivors(places.data / "state" / "supervisor.json");
    const auto trust = ensureTrustFiles(places, clock);
    if (!trust)
        return refuse(trust.error());
    const bool keepKey = survivors.contains("litellm") || survivors.contains("gateway");
    if (Status done = ensureLiteLlmKey(places, keepKey); !done)
        return refuse(done.error());
    const auto specs = componentSpecs(line.settings, places, *trust);
    if (auto refusal = preflight(line.settings, places, specs, namesOf(survivors), clock))
        return refuse(*refusal);

    const int signals = stopSignals();
    Supervisor supervisor({specs, places.data, places.run, places.instance, CLAWLOOPS_VERSION, places.rootless, places.control.uid,
                           places.control.gid, static_cast<std::uint64_t>(line.settings.integer("log.keep")) << 20});
    QSocketNotifier notifier(signals, QSocketNotifier::Read);
    QObject::connect(&notifier, &QSocketNotifier::activated, &supervisor, [&supervisor, signals] {
        signalfd_siginfo info{};
        if (::read(signals, &info, sizeof info) == sizeof info)
            supervisor.stopAll();
    });
    QObject::connect(&supervisor, &Supervisor::stopped, QCoreApplication::instance(), &QCoreApplication::quit);
    if (Status done = supervisor.start(survivors); !done)
        return refuse(done.error());
    return QCoreApplication::exec();
}
}

int main(int argc, char** argv) {
    setLogProgram("clawloops-supervisor");
    ::umask(0022);
    const std::vector<std::string> arguments(argv + 1, argv + argc);
    if (arguments.size() == 1 && (arguments[0] == "--help" || arguments[0] == "--version")) {
        std::fputs(arguments[0] == "--help" ? usage : CLAWLOOPS_VERSION "\n", stdout);
        return 0;
    }
    auto parsed = parseCommandLine(arguments);
    if (auto* refusal = std::get_if<Refusal>(&parsed))
        return refuse(*refusal);
    const auto& line = std::get<CommandLine>(parsed);
    setLogDebug(line.settings.text("log.level") == "debug");
    if (line.command == "settings") {
        std::fputs(settingsPage().c_str(), stdout);
        return 0;
    }
    QCoreApplication application(argc, argv);
    const std::string program = QFile::encodeName(QCoreApplication::applicationFilePath()).toStdString();
    auto places = choosePlaces(line.settings, program);
    if (!places)
        return refuse(places.error());
    if (line.command != "run")
        setLogSink([](std::string_view) {}); // these talk to a person
    if (line.command == "check")
        return check(line, *places);
    if (line.command == "status")
        return showStatus(line, *places);
    if (line.command == "stop")
        return stopRunning(*places);
    return run(line, *places);
}
