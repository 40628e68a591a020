// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "raw_client.h"

#include <atomic>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace clawloops::test {

// What listens in a cell, as its owner may have replaced it: each connection is served by a function on a thread of its own,
// with blocking writes. The doubles below are named for what is wrong with them.
class CellDouble {
public:
    using Serve = std::function<void(CellDouble&, RawClient&)>;
    CellDouble(const std::string& socketPath, Serve serve);
    ~CellDouble();

    [[nodiscard]] std::string lastRequest(); // head, and what came with it
    void remember(std::string request);
    [[nodiscard]] bool stopping() const { return m_stopping; }
    [[nodiscard]] std::string path() const { return m_path; }
    std::atomic<int> connections = 0;
    std::atomic<int> ended = 0; // connections that are over
    std::atomic<std::uint64_t> bytesOffered = 0;

private:
    void acceptAll();

    std::string m_path;
    Serve m_serve;
    int m_listening = -1;
    std::atomic<bool> m_stopping = false;
    std::mutex m_mutex;
    std::string m_lastRequest;
    std::vector<std::thread> m_threads;
    std::vector<int> m_fds;
    std::thread m_acceptor;
};

namespace cells {
void honest(CellDouble& cell, RawClient& relay); // 200, "hello", keep-alive; remembers the request
void cookieSetting(CellDouble& cell, RawClient& relay); // sets our cookies, claims the whole origin
void endlessHeaders(CellDouble& cell, RawClient& relay); // a head that never ends
void neverEndingBody(CellDouble& cell, RawClient& relay); // as fast as it may
void silent(CellDouble& cell, RawClient& relay); // takes the request, says nothing, keeps the connection
void breakingOff(CellDouble& cell, RawClient& relay); // closes in the middle of a body
void webSocketEcho(CellDouble& cell, RawClient& relay); // 101, then sends back what it gets
void deafWebSocket(CellDouble& cell, RawClient& relay); // 101, then neither reads nor closes
void smuggling(CellDouble& cell, RawClient& relay); // Content-Length and Transfer-Encoding at once
} // namespace cells

} // namespace clawloops::test
