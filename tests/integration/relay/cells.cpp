// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cells.h"

#include <QtGlobal>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace clawloops::test {

CellDouble::CellDouble(const std::string& socketPath, Serve serve) : m_path(socketPath), m_serve(std::move(serve)) {
    ::unlink(m_path.c_str());
    m_listening = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    m_path.copy(address.sun_path, sizeof address.sun_path - 1);
    if (::bind(m_listening, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0 || ::listen(m_listening, 200) != 0)
        qFatal("a cell's socket cannot be made");
    m_acceptor = std::thread([this] { acceptAll(); });
}

CellDouble::~CellDouble() {
    m_stopping = true;
    ::shutdown(m_listening, SHUT_RDWR);
    m_acceptor.join();
    {
        const std::lock_guard lock(m_mutex);
        for (const int fd : m_fds)
            ::shutdown(fd, SHUT_RDWR);
    }
    for (auto& thread : m_threads)
        thread.join();
    for (const int fd : m_fds)
        ::close(fd);
    ::close(m_listening);
    ::unlink(m_path.c_str());
}

void CellDouble::acceptAll() {
    while (!m_stopping) {
        const int fd = ::accept4(m_listening, nullptr, nullptr, SOCK_CLOEXEC);
        if (fd < 0)
            return;
        ++connections;
        const std::lock_guard lock(m_mutex);
        m_fds.push_back(fd);
        m_threads.emplace_back([this, fd] {
            RawClient relay(::dup(fd));
            m_serve(*this, relay);
            ::shutdown(fd, SHUT_RDWR);
            ++ended;
        });
    }
}

std::string CellDouble::lastRequest() {
    const std::lock_guard lock(m_mutex);
    return m_lastRequest;
}

void CellDouble::remember(std::string request) {
    const std::lock_guard lock(m_mutex);
    m_lastRequest = std::move(request);
}

namespace cells {

namespace {

std::string request(CellDouble& cell, RawClient& relay) {
    std::string head = relay.receive("\r\n\r\n", std::chrono::seconds(60));
    cell.remember(head);
    return head;
}

void waitForTheEnd(CellDouble& cell, RawClient& relay) {
    while (!cell.stopping() && !relay.sawEnd())
        static_cast<void>(relay.receive({}, std::chrono::milliseconds(100)));
}

constexpr std::string_view switching = "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                                       "Sec-WebSocket-Accept: x\r\nSet-Cookie: __Host-Http-clawloops_workspace=evil\r\n\r\n";

} // namespace

void honest(CellDouble& cell, RawClient& relay) {
    while (!request(cell, relay).empty() && !relay.sawEnd())
        relay.send("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n\r\nhello");
}

void cookieSetting(CellDouble& cell, RawClient& relay) {
    request(cell, relay);
    relay.send("HTTP/1.1 200 OK\r\nSet-Cookie: __Host-Http-clawloops_session=evil; Path=/; Secure\r\nSet-Cookie: __Host-Http-clawloops_workspace=evil\r\n"
               "Set-Cookie: plugin=1; Path=/\r\nService-Worker-Allowed: /\r\nClear-Site-Data: \"*\"\r\nAlt-Svc: h3=\":1\"\r\n"
               "X-Request-Id: forged\r\nContent-Length: 2\r\n\r\nok");
}

void endlessHeaders(CellDouble& cell, RawClient& relay) {
    request(cell, relay);
    relay.send("HTTP/1.1 200 OK\r\n");
    while (relay.send("X-Filler: " + std::string(100, 'x') + "\r\n"))
        cell.bytesOffered += 112;
}

void neverEndingBody(CellDouble& cell, RawClient& relay) {
    request(cell, relay);
    relay.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
    const std::string chunk = "10000\r\n" + std::string(0x10000, 'y') + "\r\n";
    while (relay.send(chunk))
        cell.bytesOffered += 0x10000;
}

void silent(CellDouble& cell, RawClient& relay) {
    request(cell, relay);
    waitForTheEnd(cell, relay);
}

void breakingOff(CellDouble& cell, RawClient& relay) {
    request(cell, relay);
    relay.send("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nonly this");
}

void webSocketEcho(CellDouble& cell, RawClient& relay) {
    request(cell, relay);
    relay.send(std::string(switching) + "early");
    while (!relay.sawEnd()) {
        const std::string got = relay.receive("\n", std::chrono::seconds(60));
        relay.send(got.starts_with("bye") ? "farewell\n" : got);
        if (got.starts_with("bye"))
            return;
    }
}

void deafWebSocket(CellDouble& cell, RawClient& relay) {
    request(cell, relay);
    relay.send(switching);
    while (!cell.stopping()) { // not even an end is noticed
        pollfd nothing{-1, 0, 0};
        ::poll(&nothing, 1, 50);
    }
}

void smuggling(CellDouble& cell, RawClient& relay) {
    request(cell, relay);
    relay.send("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil");
}

} // namespace cells

} // namespace clawloops::test
