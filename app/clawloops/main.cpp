// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
// clawloops: the admin's desktop app.
#include "base/log.h"
#include "client/pin_store.h"
#include "shell/main_window.h"
#include "widgets/theme.h"

#include <QApplication>
#include <QCommandLineParser>
#include <QSocketNotifier>
#include <csignal>
#include <cstdio>
#include <sys/signalfd.h>
#include <unistd.h>

using namespace clawloops;

namespace {

// The end of the desktop session, Ctrl+C in a terminal, kill: the window closes as by its own button, so its place is kept.
// Blocked before any thread is made, so that the signals come through the descriptor alone.
int terminationDescriptor() {
    sigset_t set;
    sigemptyset(&set);
    for (const int signal : {SIGTERM, SIGINT, SIGHUP})
        sigaddset(&set, signal);
    pthread_sigmask(SIG_BLOCK, &set, nullptr);
    return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

} // namespace

int main(int argc, char** argv) {
    setLogProgram("clawloops");
    const int termination = terminationDescriptor();
    QApplication application(argc, argv);
    QApplication::setOrganizationName(QStringLiteral("clawloops"));
    QApplication::setApplicationName(QStringLiteral("clawloops"));
    QApplication::setApplicationDisplayName(QStringLiteral("ClawLoops"));
    QApplication::setApplicationVersion(QStringLiteral(CLAWLOOPS_VERSION));
    QApplication::setDesktopFileName(QStringLiteral("clawloops"));

    QCommandLineParser parser;
    parser.setApplicationDescription(QStringLiteral("The ClawLoops admin's desktop app."));
    parser.addHelpOption();
    parser.addVersionOption();
    parser.addOption({QStringLiteral("server"), QStringLiteral("The appliance, for example https://workstation.lan:8443."), QStringLiteral("URL")});
    parser.addOption({QStringLiteral("run"), QStringLiteral("Run directory of an appliance on this machine, for its supervisor's socket."),
                      QStringLiteral("DIR")});
    if (!parser.parse(QApplication::arguments())) {
        std::fprintf(stderr, "clawloops: %s. See clawloops --help.\n", qPrintable(parser.errorText()));
        return 64;
    }
    if (parser.isSet(QStringLiteral("help")))
        parser.showHelp(0);
    if (parser.isSet(QStringLiteral("version")))
        parser.showVersion();

    gui::applyAppearance(application, gui::Appearance::System);
    gui::MainWindow::Options options;
    options.rescueSocket = parser.isSet(QStringLiteral("run"))
                               ? parser.value(QStringLiteral("run")) + QStringLiteral("/supervisor/control.sock")
                               : gui::LocalRescue::findSocket();
    gui::MainWindow window(options);
    QSocketNotifier ended(termination, QSocketNotifier::Read);
    QObject::connect(&ended, &QSocketNotifier::activated, &window, [&ended, &window] {
        ended.setEnabled(false);
        window.close();
        QApplication::quit(); // also where a dialog is open
    });
    window.show();
    window.start(parser.value(QStringLiteral("server")));
    return QApplication::exec();
}
