// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "raw_client.h"

#include <arpa/inet.h>
#include <cstring>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#include <utility>

namespace clawloops::test {

RawClient RawClient::local(const std::string& path) {
    RawClient client(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path.copy(address.sun_path, sizeof address.sun_path - 1);
    if (::connect(client.m_fd, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0)
        client.close();
    return client;
}

RawClient RawClient::tcp(int port) {
    RawClient client(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(client.m_fd, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0)
        client.close();
    return client;
}

RawClient::RawClient(RawClient&& other) noexcept : m_fd(std::exchange(other.m_fd, -1)), m_end(other.m_end) {}

RawClient& RawClient::operator=(RawClient&& other) noexcept {
    close();
    m_fd = std::exchange(other.m_fd, -1);
    m_end = other.m_end;
    return *this;
}

RawClient::~RawClient() {
    close();
}

bool RawClient::send(std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t sent = ::send(m_fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent <= 0)
            return false;
        bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
}

std::string RawClient::receive(std::string_view enough, std::chrono::milliseconds within) {
    const auto until = std::chrono::steady_clock::now() + within;
    std::string all;
    m_end = false;
    while (enough.empty() || all.find(enough) == std::string::npos) {
        const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(until - std::chrono::steady_clock::now()).count();
        pollfd ready{m_fd, POLLIN, 0};
        if (left <= 0 || ::poll(&ready, 1, static_cast<int>(left)) <= 0)
            break;
        char buffer[65536];
        const ssize_t got = ::recv(m_fd, buffer, sizeof buffer, 0);
        if (got <= 0) {
            m_end = true;
            break;
        }
        all.append(buffer, static_cast<std::size_t>(got));
    }
    return all;
}

void RawClient::finishSending() {
    ::shutdown(m_fd, SHUT_WR);
}

void RawClient::close() {
    if (m_fd >= 0)
        ::close(std::exchange(m_fd, -1));
}

} // namespace clawloops::test
