// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "supervisor/process_watch.h"

#include "supervisor/process_facts.h"

#include <cstring>
#include <sys/wait.h>
#include <unistd.h>

namespace clawloops::supervisor {

std::string ProcessEnd::words() const {
    if (exitCode)
        return "with exit code " + std::to_string(*exitCode);
    if (signal)
        return "by signal " + std::to_string(*signal) + " (" + ::strsignal(*signal) + ")";
    return "for a reason that cannot be known, as it was started by an earlier supervisor";
}

ProcessWatch::ProcessWatch(pid_t pid, int pidFd, QObject* parent)
    : QObject(parent), m_pid(pid), m_fd(pidFd), m_notifier(pidFd, QSocketNotifier::Read) {
    connect(&m_notifier, &QSocketNotifier::activated, this, [this] {
        m_notifier.setEnabled(false);
        ProcessEnd end;
        int status = 0;
        if (::waitpid(m_pid, &status, WNOHANG) == m_pid) {
            if (WIFEXITED(status))
                end.exitCode = WEXITSTATUS(status);
            else if (WIFSIGNALED(status))
                end.signal = WTERMSIG(status);
        }
        Q_EMIT ended(end);
    });
}

ProcessWatch::~ProcessWatch() {
    m_notifier.setEnabled(false);
    ::close(m_fd);
}

bool ProcessWatch::signal(int number) { return sendSignal(m_fd, number); }

} // namespace clawloops::supervisor
