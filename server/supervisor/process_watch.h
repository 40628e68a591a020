// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QSocketNotifier>

#include <optional>
#include <string>
#include <sys/types.h>

namespace clawloops::supervisor {

// How a process ended. An adopted one is not our child: all that can be known is that it ended.
struct ProcessEnd {
    std::optional<int> exitCode;
    std::optional<int> signal;
    [[nodiscard]] std::string words() const; // "with exit code 1", "by signal 9 (Killed)", "for an unknown reason"
};

// Watches one process by its pidfd on the event loop of its thread, and owns the descriptor. Says so at once when the process
// ends, whether it is a child or an adopted one. Reaps a child.
class ProcessWatch : public QObject {
    Q_OBJECT
public:
    ProcessWatch(pid_t pid, int pidFd, QObject* parent);
    ~ProcessWatch() override;
    [[nodiscard]] pid_t pid() const { return m_pid; }
    bool signal(int number); // race-free: never another process that got the same pid

Q_SIGNALS:
    void ended(const clawloops::supervisor::ProcessEnd& end);

private:
    pid_t m_pid;
    int m_fd;
    QSocketNotifier m_notifier;
};

} // namespace clawloops::supervisor
