// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "stream/task.h"

#include <boost/asio/buffer.hpp>
#include <boost/system/error_code.hpp>
#include <chrono>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <sys/types.h>

namespace clawloops::stream {

// Who is at the other end of a unix socket, by SO_PEERCRED; uid -1 for TCP.
struct PeerCredentials {
    uid_t uid = static_cast<uid_t>(-1);
    pid_t pid = -1;
};

class Sweeper;

// One connected byte stream: TCP, unix, or TLS over TCP. One read and one write may be under way at a time. close() is
// immediate, callable at any time and any number of times; whatever was waiting then ends with Fault::Cut.
// The deadline covers whatever is waiting; it is looked at every 250 ms, so it is no precision instrument.
class Transport {
public:
    virtual ~Transport();
    Transport(const Transport&) = delete;
    Transport& operator=(const Transport&) = delete;

    // ≥ 1 byte, or Gone at the other side's end.
    virtual Task<Outcome<std::size_t>> read(asio::mutable_buffer into) = 0;
    // All of it. `head` and `body` leave in one gathered write where the system allows it; either may be empty.
    virtual Task<Done> write(std::string_view head, std::string_view body = {}, std::string_view tail = {}) = 0;
    // The same with any number of parts, which are used up meanwhile. The deadline starts anew with what could be written.
    virtual Task<Done> writeAll(std::span<std::string_view> parts);
    virtual Task<Done> finishWriting() = 0; // half close: the other side sees the end, we still read
    virtual void cancel() = 0; // what waits ends with Fault::Cut; the connection stays
    virtual void close() = 0;
    [[nodiscard]] virtual bool isOpen() const = 0;
    // An idle connection on which nothing may arrive: is it still good? Does not block.
    [[nodiscard]] virtual bool looksAlive() = 0;

    void expireIn(std::chrono::milliseconds span);
    void expireAnew(); // as long again as was said last; nothing when it never expires
    void neverExpire();
    [[nodiscard]] PeerCredentials peer() const { return m_peer; }
    [[nodiscard]] std::uint64_t bytesRead() const { return m_bytesRead; }
    [[nodiscard]] std::uint64_t bytesWritten() const { return m_bytesWritten; }

protected:
    explicit Transport(asio::io_context& io);
    [[nodiscard]] Fault faultOf(const boost::system::error_code& error) const; // Cut when we closed, TimedOut when the sweeper did
    PeerCredentials m_peer;
    std::uint64_t m_bytesRead = 0;
    std::uint64_t m_bytesWritten = 0;
    std::chrono::steady_clock::time_point m_deadline = std::chrono::steady_clock::time_point::max();
    std::chrono::milliseconds m_span{}; // of the deadline
    bool m_timedOut = false;

private:
    friend class Sweeper;
    Sweeper& m_sweeper;
    std::size_t m_slot = 0; // in the sweeper's list
};

} // namespace clawloops::stream
