// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "message_parser.h"

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <queue>
#include <string>
#include <string_view>
#include <sys/epoll.h>
#include <unistd.h>
#include <unordered_map>
#include <vector>

namespace clawloops::bench {

// A model server that costs next to nothing: it answers each request at once with the same bytes, or with a paced event stream in
// which each event carries the moment when it was sent. One thread.
class Upstream {
public:
    Upstream(const std::string& answer, int frames, std::int64_t every);
    void listen(const std::string& address, bool paced); // nothing when it is empty
    void turn(int millis); // waits at most so long (-1: for ever), and does what there is to do

private:
    struct Connection {
        int descriptor = -1;
        bool paced = false;
        std::uint64_t stream = 0; // which answer is under way: what is due for another one is void
        int sent = 0; // frames of it
        MessageParser request{};
        std::string waiting{}; // what the socket did not take yet
    };
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
    std::array<epoll_event, 256> m_events{};
    std::array<char, 256 * 1024> m_buffer{};
};

} // namespace clawloops::bench
