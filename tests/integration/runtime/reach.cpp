// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
// reach ADDRESS PORT: asks for / there by HTTP and prints the answer. 0: connected; 7: could not; 64: no address. Static, and
// without name services, which a static glibc cannot load.
#include <arpa/inet.h>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <netinet/in.h>
#include <string>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

int main(int argc, char** argv) {
    sockaddr_in v4{};
    sockaddr_in6 v6{};
    v4.sin_family = AF_INET;
    v6.sin6_family = AF_INET6;
    if (argc != 3)
        return 64;
    v4.sin_port = v6.sin6_port = htons(static_cast<std::uint16_t>(std::atoi(argv[2])));
    const bool isV4 = ::inet_pton(AF_INET, argv[1], &v4.sin_addr) == 1;
    if (!isV4 && ::inet_pton(AF_INET6, argv[1], &v6.sin6_addr) != 1)
        return 64;
    const int fd = ::socket(isV4 ? AF_INET : AF_INET6, SOCK_STREAM, 0);
    const timeval limit{5, 0};
    ::setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
    ::setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    const auto* address = isV4 ? reinterpret_cast<const sockaddr*>(&v4) : reinterpret_cast<const sockaddr*>(&v6);
    if (fd < 0 || ::connect(fd, address, isV4 ? sizeof v4 : sizeof v6) != 0) {
        std::perror("reach");
        return 7;
    }
    const std::string question = "GET / HTTP/1.0\r\n\r\n";
    [[maybe_unused]] const ssize_t sent = ::write(fd, question.data(), question.size());
    char buffer[4096];
    for (ssize_t size = 0; (size = ::read(fd, buffer, sizeof buffer)) > 0;)
        std::fwrite(buffer, 1, static_cast<std::size_t>(size), stdout);
    return 0;
}
