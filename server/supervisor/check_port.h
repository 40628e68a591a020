// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"

#include <cstdint>
#include <sys/types.h>
#include <utility>

namespace clawloops::supervisor {

// The session check's listening socket on 127.0.0.1. Traefik sends it every workspace request's cookies over plain HTTP, so
// nobody else may ever stand there while Traefik runs: a port above 1023 belongs to whoever binds it first. Therefore we bind
// it, before Traefik starts, and clawloopsd (which serves it) and Traefik (which does nothing with it) inherit it: the port
// is held as long as one of the three lives. While clawloopsd is down, connections wait in the socket's queue.
class CheckPort {
public:
    static constexpr int inheritedAs = 3; // its number in those who inherit it

    CheckPort() = default;
    CheckPort(CheckPort&& other) noexcept : m_descriptor(std::exchange(other.m_descriptor, -1)) {}
    CheckPort& operator=(CheckPort&& other) noexcept;
    ~CheckPort();

    // Without a waiting queue that a connection could miss: it listens when this returns.
    [[nodiscard]] static Result<CheckPort> bind(std::uint16_t port);
    // A duplicate of the socket that `pid` inherited from an earlier supervisor (pidfd_getfd: as root, or where the system
    // lets an account look into its own processes). An Error where that process has none of this port.
    [[nodiscard]] static Result<CheckPort> takeFrom(pid_t pid, std::uint16_t port);

    [[nodiscard]] bool isHeld() const { return m_descriptor >= 0; }
    [[nodiscard]] int descriptor() const { return m_descriptor; }

private:
    explicit CheckPort(int descriptor) : m_descriptor(descriptor) {}
    int m_descriptor = -1;
};

} // namespace clawloops::supervisor
