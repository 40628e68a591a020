// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "stream/exchange.h"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <sys/types.h>

namespace clawloops::stream {

struct ServerLimits {
    std::size_t headBytes = 32 * 1024;
    std::chrono::milliseconds headDeadline{10'000}; // from the first byte of a request (and of the handshake) to the head's end
    std::chrono::milliseconds idleDeadline{75'000}; // between requests
    std::chrono::milliseconds stallDeadline{120'000}; // one read or write of a body that does not move
    std::size_t connections = 1024; // further ones are closed at once
    std::size_t handshakes = 256; // under way; one more ends the oldest of them
};

struct TlsServerFiles {
    std::filesystem::path certificate;
    std::filesystem::path key;
    std::filesystem::path clientCa; // a client must show a certificate signed by exactly this one
};

// A listening socket and its connections; each request calls the handler in a coroutine of its own. close() and the
// destructor stop accepting and close every connection. The handler must not throw.
class Listener {
public:
    // TLS 1.3, client certificate required. Port 0 takes a free one.
    static Result<std::unique_ptr<Listener>> tls(asio::io_context& io, const std::string& address, std::uint16_t port,
                                                 const TlsServerFiles& files, ServerLimits limits, Handler handler);
    // Removes a stale socket of its own at this path first (nothing else than a socket), and unlinks it at close. The
    // directory is opened without following a link and the path may be longer than 108 bytes.
    static Result<std::unique_ptr<Listener>> local(asio::io_context& io, const std::filesystem::path& path, mode_t mode,
                                                   ServerLimits limits, Handler handler);
    ~Listener();

    [[nodiscard]] std::uint16_t port() const; // TCP only
    [[nodiscard]] std::size_t open() const; // connections now
    [[nodiscard]] std::uint64_t refused() const; // over the limit, failed handshakes, wrong heads
    void close();

private:
    struct State;
    explicit Listener(std::shared_ptr<State> state);
    std::shared_ptr<State> m_state;
};

} // namespace clawloops::stream
