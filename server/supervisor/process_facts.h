// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <sys/types.h>

namespace clawloops::supervisor {

// What tells one process from every other, also after our own death: a pid alone comes back.
struct ProcessIdentity {
    pid_t pid = 0;
    std::uint64_t startTime = 0; // clock ticks since boot, /proc/PID/stat field 22
    std::string nonce; // CLAWLOOPS_NONCE in its environment
};

inline constexpr const char* nonceVariable = "CLAWLOOPS_NONCE";

[[nodiscard]] std::optional<std::uint64_t> startTimeOf(pid_t pid); // none when it is gone or a zombie
[[nodiscard]] std::optional<std::int64_t> residentBytesOf(pid_t pid);
[[nodiscard]] bool hasNonce(pid_t pid, const std::string& nonce);
// Of this boot only.
[[nodiscard]] bool stillRuns(const ProcessIdentity& identity);
[[nodiscard]] std::string bootId();
// A pidfd, or -1.
[[nodiscard]] int openPidFd(pid_t pid);
bool sendSignal(int pidFd, int signal);

} // namespace clawloops::supervisor
