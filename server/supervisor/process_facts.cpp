// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "supervisor/process_facts.h"

#include "base/files.h"

#include <sstream>
#include <sys/syscall.h>
#include <unistd.h>
#include <vector>

namespace clawloops::supervisor {

namespace {
// Fields of /proc/PID/stat from the third on; the second, the name, may hold anything, so cut behind its last bracket.
std::vector<std::string> statFields(pid_t pid) {
    std::vector<std::string> fields;
    const auto text = readFile("/proc/" + std::to_string(pid) + "/stat");
    const auto bracket = text ? text->rfind(')') : std::string::npos;
    if (bracket == std::string::npos)
        return fields;
    std::istringstream rest(text->substr(bracket + 1));
    for (std::string field; rest >> field;)
        fields.push_back(field);
    return fields;
}
}

std::optional<std::uint64_t> startTimeOf(pid_t pid) {
    const auto fields = statFields(pid);
    if (fields.size() < 20 || fields[0] == "Z" || fields[0] == "X")
        return std::nullopt;
    return std::stoull(fields[19]);
}

std::optional<std::int64_t> residentBytesOf(pid_t pid) {
    const auto fields = statFields(pid);
    if (fields.size() < 22)
        return std::nullopt;
    return std::stoll(fields[21]) * ::sysconf(_SC_PAGESIZE);
}

bool hasNonce(pid_t pid, const std::string& nonce) {
    const auto environment = readFile("/proc/" + std::to_string(pid) + "/environ");
    return environment && environment->find(std::string(nonceVariable) + "=" + nonce + '\0') != std::string::npos;
}

bool stillRuns(const ProcessIdentity& identity) {
    if (identity.pid <= 0 || startTimeOf(identity.pid) != identity.startTime)
        return false;
    // Within one boot pid and start time are proof enough; while a process executes another program, or after it has
    // written over its environment, the nonce cannot be read. Another nonce is another process.
    const auto environment = readFile("/proc/" + std::to_string(identity.pid) + "/environ");
    return !environment || environment->find(std::string(nonceVariable) + "=") == std::string::npos || hasNonce(identity.pid, identity.nonce);
}

std::string bootId() {
    auto text = readFile("/proc/sys/kernel/random/boot_id");
    return text ? text->substr(0, text->find('\n')) : std::string("unknown");
}

int openPidFd(pid_t pid) { return static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)); }

bool sendSignal(int pidFd, int signal) { return ::syscall(SYS_pidfd_send_signal, pidFd, signal, nullptr, 0) == 0; }

} // namespace clawloops::supervisor
