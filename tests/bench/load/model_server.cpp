// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "model_server.h"

#include "sockets.h"

#include <cerrno>
#include <cstdio>
#include <sys/socket.h>
#include <utility>

namespace clawloops::bench {

Upstream::Upstream(const std::string& answer, int frames, std::int64_t every)
    : m_answer("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: " + std::to_string(answer.size()) + "\r\n\r\n" + answer),
      m_frames(frames), m_every(every) {}

void Upstream::listen(const std::string& address, bool paced) {
    if (address.empty())
        return;
    const int descriptor = listenAt(address);
    m_listeners[descriptor] = paced;
    watch(descriptor, EPOLLIN);
}

void Upstream::accept(int listener, bool paced) {
    for (int descriptor = 0; (descriptor = ::accept4(listener, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0;) {
        auto connection = std::make_unique<Connection>();
        connection->descriptor = descriptor;
        connection->paced = paced;
        m_connections[descriptor] = std::move(connection);
        watch(descriptor, EPOLLIN | EPOLLOUT | EPOLLET);
    }
}

void Upstream::send(Connection& connection, std::string_view bytes) {
    if (connection.waiting.empty()) {
        const ssize_t sent = ::send(connection.descriptor, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        bytes.remove_prefix(sent > 0 ? static_cast<std::size_t>(sent) : 0);
    }
    connection.waiting += bytes;
}

void Upstream::frame(Connection& connection, std::int64_t due) {
    char data[400];
    const bool last = ++connection.sent >= m_frames;
    int size = std::snprintf(data, sizeof data,
                             "data: {\"id\":\"chatcmpl-1\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\",\"choices\":[{\"index\":0,"
                             "\"delta\":{\"content\":\"%019lld\"},\"finish_reason\":null}]}\n\n",
                             static_cast<long long>(nowNanos()));
    if (last)
        size += std::snprintf(data + size, sizeof data - static_cast<std::size_t>(size),
                              "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":100,\"completion_tokens\":%d}}\n\ndata: [DONE]\n\n", m_frames);
    char head[20];
    const int headSize = std::snprintf(head, sizeof head, "%x\r\n", static_cast<unsigned>(size));
    std::string text;
    if (connection.sent == 1)
        text = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n";
    text.append(head, static_cast<std::size_t>(headSize)).append(data, static_cast<std::size_t>(size)).append(last ? "\r\n0\r\n\r\n" : "\r\n");
    send(connection, text);
    if (!last)
        m_due.push({due + m_every, connection.descriptor, connection.stream});
}

void Upstream::answer(Connection& connection) {
    connection.request.reset();
    if (!connection.paced) {
        send(connection, m_answer);
        return;
    }
    connection.stream = ++m_streams;
    connection.sent = 0;
    frame(connection, nowNanos());
}

void Upstream::read(Connection& connection) {
    const int descriptor = connection.descriptor;
    while (true) {
        const ssize_t got = ::recv(descriptor, m_buffer.data(), m_buffer.size(), 0);
        if (got == 0 || (got < 0 && errno != EAGAIN)) {
            close(descriptor);
            return;
        }
        if (got < 0)
            return;
        std::string_view bytes(m_buffer.data(), static_cast<std::size_t>(got));
        while (!bytes.empty() && connection.request.push(bytes, [](std::string_view) {}) == MessageParser::State::Whole)
            answer(connection);
        if (static_cast<std::size_t>(got) < m_buffer.size())
            return; // edge-triggered: what comes later says so
    }
}

void Upstream::turn(int millis) {
    const std::int64_t due = m_due.empty() ? INT64_MAX : std::max<std::int64_t>(0, (m_due.top().at - nowNanos()) / 1'000'000);
    const int wait = millis < 0 && m_due.empty() ? -1 : static_cast<int>(std::min<std::int64_t>(due, millis < 0 ? INT32_MAX : millis));
    const int count = ::epoll_wait(m_poll, m_events.data(), static_cast<int>(m_events.size()), wait);
    for (int i = 0; i < count; ++i) {
        const int descriptor = m_events[static_cast<std::size_t>(i)].data.fd;
        if (const auto listener = m_listeners.find(descriptor); listener != m_listeners.end()) {
            accept(descriptor, listener->second);
            continue;
        }
        const auto found = m_connections.find(descriptor);
        if (found == m_connections.end())
            continue;
        Connection& connection = *found->second;
        if (!connection.waiting.empty())
            send(connection, std::exchange(connection.waiting, {}));
        read(connection);
    }
    for (const std::int64_t now = nowNanos(); !m_due.empty() && m_due.top().at <= now;) {
        const Due next = m_due.top();
        m_due.pop();
        const auto found = m_connections.find(next.descriptor);
        if (found != m_connections.end() && found->second->stream == next.stream)
            frame(*found->second, next.at);
    }
}

} // namespace clawloops::bench
