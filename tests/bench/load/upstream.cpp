// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
// A model server that costs next to nothing. --whole ADDRESS answers each request at once with the bytes of --answer FILE;
// --paced ADDRESS with an event stream of --frames N events, one each --every MS; each event carries the moment when it was sent.
#include "message_parser.h"
#include "sockets.h"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <deque>
#include <iostream>
#include <memory>
#include <queue>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>
#include <unordered_map>
#include <utility>

namespace clawloops::bench {
namespace {

struct Connection {
    int descriptor = -1;
    bool paced = false;
    std::uint64_t stream = 0; // which answer is under way: what is due for another one is void
    int sent = 0; // frames of the answer under way
    MessageParser request{};
    std::string waiting{}; // what the socket did not take yet
};

class Upstream {
public:
    Upstream(std::string answer, int frames, std::int64_t every) : m_answer(std::move(answer)), m_frames(frames), m_every(every) {}

    void listen(const std::string& address, bool paced) {
        if (address.empty())
            return;
        const int descriptor = listenAt(address);
        m_listeners[descriptor] = paced;
        watch(descriptor, EPOLLIN);
    }
    [[noreturn]] void run();

private:
    struct Due {
        std::int64_t at;
        int descriptor;
        std::uint64_t stream;
        bool operator>(const Due& other) const { return at > other.at; }
    };
    void watch(int descriptor, std::uint32_t events) {
        epoll_event event{events, {}};
        event.data.fd = descriptor;
        ::epoll_ctl(m_poll, EPOLL_CTL_ADD, descriptor, &event);
    }
    void accept(int listener, bool paced);
    void read(Connection& connection);
    void answer(Connection& connection);
    void frame(Connection& connection, std::int64_t due);
    void send(Connection& connection, std::string_view bytes);
    void close(int descriptor) {
        m_connections.erase(descriptor);
        ::close(descriptor);
    }

    int m_poll = ::epoll_create1(EPOLL_CLOEXEC);
    std::string m_answer;
    int m_frames;
    std::int64_t m_every;
    std::uint64_t m_streams = 0;
    std::unordered_map<int, bool> m_listeners;
    std::unordered_map<int, std::unique_ptr<Connection>> m_connections;
    std::priority_queue<Due, std::vector<Due>, std::greater<>> m_due;
    std::array<char, 256 * 1024> m_buffer{};
};

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

void Upstream::run() {
    std::array<epoll_event, 256> events{};
    while (true) {
        const std::int64_t wait = m_due.empty() ? -1 : std::max<std::int64_t>(0, (m_due.top().at - nowNanos()) / 1'000'000);
        const int count = ::epoll_wait(m_poll, events.data(), static_cast<int>(events.size()), static_cast<int>(wait));
        for (int i = 0; i < count; ++i) {
            const int descriptor = events[static_cast<std::size_t>(i)].data.fd;
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
            const Due due = m_due.top();
            m_due.pop();
            const auto found = m_connections.find(due.descriptor);
            if (found != m_connections.end() && found->second->stream == due.stream)
                frame(*found->second, due.at);
        }
    }
}

} // namespace
} // namespace clawloops::bench

int main(int count, char** arguments) {
    using namespace clawloops::bench;
    ::signal(SIGPIPE, SIG_IGN);
    const std::string whole = argument(count, arguments, "--whole", "");
    const std::string body = whole.empty() ? std::string() : contentOf(argument(count, arguments, "--answer"));
    Upstream upstream("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body,
                      std::stoi(argument(count, arguments, "--frames", "50")), std::stoll(argument(count, arguments, "--every", "100")) * 1'000'000);
    upstream.listen(whole, false);
    upstream.listen(argument(count, arguments, "--paced", ""), true);
    std::cout << "ready" << std::endl;
    upstream.run();
}
