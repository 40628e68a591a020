// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sockets.h"

#include <arpa/inet.h>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <fcntl.h>
#include <fstream>
#include <iostream>
#include <netinet/tcp.h>
#include <sstream>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace clawloops::bench {

namespace {

struct Name {
    sockaddr_storage storage{};
    socklen_t size = 0;
};

Name nameOf(const std::string& address) {
    Name name;
    if (address.starts_with("unix:")) {
        auto& local = reinterpret_cast<sockaddr_un&>(name.storage);
        local.sun_family = AF_UNIX;
        if (address.size() - 5 >= sizeof local.sun_path)
            die("a socket's path is too long: " + address);
        std::strcpy(local.sun_path, address.c_str() + 5);
        name.size = sizeof local;
        return name;
    }
    const std::size_t colon = address.rfind(':');
    auto& net = reinterpret_cast<sockaddr_in&>(name.storage);
    net.sin_family = AF_INET;
    net.sin_port = htons(static_cast<std::uint16_t>(std::atoi(address.c_str() + colon + 1)));
    if (!address.starts_with("tcp:") || ::inet_pton(AF_INET, address.substr(4, colon - 4).c_str(), &net.sin_addr) != 1)
        die("no address: " + address);
    name.size = sizeof net;
    return name;
}

int socketFor(const Name& name) {
    const int descriptor = ::socket(name.storage.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (descriptor < 0)
        die(std::string("no socket: ") + std::strerror(errno));
    const int on = 1;
    if (name.storage.ss_family == AF_INET) {
        ::setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        ::setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    }
    return descriptor;
}

} // namespace

void die(const std::string& why) {
    std::cerr << why << '\n';
    std::exit(1);
}

int connectTo(const std::string& address) {
    const Name name = nameOf(address);
    const int descriptor = socketFor(name);
    if (::connect(descriptor, reinterpret_cast<const sockaddr*>(&name.storage), name.size) != 0)
        die("cannot connect to " + address + ": " + std::strerror(errno));
    ::fcntl(descriptor, F_SETFL, O_NONBLOCK);
    return descriptor;
}

int listenAt(const std::string& address) {
    const Name name = nameOf(address);
    const int descriptor = socketFor(name);
    if (name.storage.ss_family == AF_UNIX)
        ::unlink(address.c_str() + 5);
    if (::bind(descriptor, reinterpret_cast<const sockaddr*>(&name.storage), name.size) != 0 || ::listen(descriptor, 4096) != 0)
        die("cannot listen at " + address + ": " + std::strerror(errno));
    ::fcntl(descriptor, F_SETFL, O_NONBLOCK);
    return descriptor;
}

std::int64_t nowNanos() {
    timespec now{};
    ::clock_gettime(CLOCK_MONOTONIC, &now);
    return static_cast<std::int64_t>(now.tv_sec) * 1'000'000'000 + now.tv_nsec;
}

std::string contentOf(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    std::ostringstream text;
    text << file.rdbuf();
    if (!file)
        die("cannot read " + path);
    return text.str();
}

std::string argument(int count, char** arguments, std::string_view name, const char* otherwise) {
    for (int i = 1; i + 1 < count; ++i)
        if (arguments[i] == name)
            return arguments[i + 1];
    if (!otherwise)
        die("the argument " + std::string(name) + " is missing");
    return otherwise;
}

} // namespace clawloops::bench
