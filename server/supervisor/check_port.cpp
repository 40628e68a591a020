// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "supervisor/check_port.h"

#include "base/files.h"
#include "supervisor/process_facts.h"

#include <cerrno>
#include <netinet/in.h>
#include <string>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace clawloops::supervisor {

namespace {
sockaddr_in loopback(std::uint16_t port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

bool listensOn(int descriptor, std::uint16_t port) {
    sockaddr_in bound{};
    socklen_t size = sizeof bound;
    int listens = 0;
    socklen_t length = sizeof listens;
    return ::getsockname(descriptor, reinterpret_cast<sockaddr*>(&bound), &size) == 0 && size == sizeof bound &&
           bound.sin_family == AF_INET && bound.sin_addr.s_addr == htonl(INADDR_LOOPBACK) && bound.sin_port == htons(port) &&
           ::getsockopt(descriptor, SOL_SOCKET, SO_ACCEPTCONN, &listens, &length) == 0 && listens != 0;
}

Error cannot(std::uint16_t port, int problem) {
    const std::string place = "Port " + std::to_string(port) + " (ports.check)";
    if (problem == EADDRINUSE)
        return {ErrorCode::Internal, place + " is taken by another program: stop that one, or set ports.check to another port.", {}};
    if (problem == EACCES)
        return {ErrorCode::Internal, place + " may not be used by this account: set ports.check to a port above 1023.", {}};
    return {ErrorCode::Internal, place + " cannot be listened on: " + systemReason(problem) + ".", {}};
}
}

CheckPort& CheckPort::operator=(CheckPort&& other) noexcept {
    std::swap(m_descriptor, other.m_descriptor);
    return *this;
}

CheckPort::~CheckPort() {
    if (m_descriptor >= 0)
        ::close(m_descriptor);
}

Result<CheckPort> CheckPort::bind(std::uint16_t port) {
    CheckPort made(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    const int on = 1; // closed connections of an earlier run do not count; a listener of somebody else still does
    const sockaddr_in address = loopback(port);
    if (!made.isHeld() || ::setsockopt(made.m_descriptor, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) != 0 ||
        ::bind(made.m_descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
        ::listen(made.m_descriptor, SOMAXCONN) != 0)
        return cannot(port, errno);
    return made;
}

Result<CheckPort> CheckPort::takeFrom(pid_t pid, std::uint16_t port) {
    const int process = openPidFd(pid);
    CheckPort taken(process < 0 ? -1 : static_cast<int>(::syscall(SYS_pidfd_getfd, process, inheritedAs, 0)));
    const int problem = errno;
    if (process >= 0)
        ::close(process);
    if (!taken.isHeld())
        return cannot(port, problem);
    if (!listensOn(taken.m_descriptor, port)) // whatever else lies there, it is not ours
        return cannot(port, ENOTSOCK);
    return taken;
}

} // namespace clawloops::supervisor
