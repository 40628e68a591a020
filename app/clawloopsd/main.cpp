// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/log.h"
#include "bootstrap_link.h"
#include "control_plane.h"
#include "options.h"

#include <QCoreApplication>
#include <QSocketNotifier>

#include <csignal>
#include <cstdio>
#include <sys/signalfd.h>
#include <unistd.h>

using namespace clawloops;

namespace {
int complain(int code, const std::string& sentence) {
    std::fprintf(stderr, "clawloopsd: %s\n", sentence.c_str());
    return code;
}
} // namespace

int main(int argc, char** argv) {
    setLogProgram("clawloopsd");
    std::vector<std::string> words(argv + 1, argv + argc);

    if (!words.empty() && words.front() == "bootstrap-link") {
        const auto options = parseLinkOptions({words.begin() + 1, words.end()});
        if (!options)
            return complain(64, options.error().message);
        QCoreApplication application(argc, argv);
        return printBootstrapLink(*options);
    }

    const auto options = parseOptions(words);
    if (!options)
        return complain(64, options.error().message);
    setLogDebug(options->debug);

    // Blocked before the first thread exists, so that every thread leaves them to the descriptor.
    sigset_t ending;
    ::sigemptyset(&ending);
    ::sigaddset(&ending, SIGTERM);
    ::sigaddset(&ending, SIGINT);
    ::sigprocmask(SIG_BLOCK, &ending, nullptr);
    ::signal(SIGPIPE, SIG_IGN);
    const int signals = ::signalfd(-1, &ending, SFD_CLOEXEC | SFD_NONBLOCK);

    QCoreApplication application(argc, argv);
    QSocketNotifier stop(signals, QSocketNotifier::Read);
    QObject::connect(&stop, &QSocketNotifier::activated, &application, [] { QCoreApplication::exit(0); });

    auto files = ControlPlaneFiles::read(*options);
    if (!files)
        return complain(69, files.error().message);
    ControlPlane plane(*options, std::move(*files));
    int failure = 0;
    plane.start([&failure](int code, const std::string& sentence) {
        failure = complain(code, sentence);
        // The loop may not run yet, and exit() before it would be forgotten.
        QMetaObject::invokeMethod(QCoreApplication::instance(), [code] { QCoreApplication::exit(code); }, Qt::QueuedConnection);
    });
    const int code = QCoreApplication::exec();
    return failure != 0 ? failure : code;
}
