// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "stream/http.h"
#include "stream/task.h"
#include "stream/transport.h"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <variant>

namespace clawloops::stream {

// Where an upstream listens.
struct TcpAddress {
    std::string host; // name or address
    std::uint16_t port = 0;
};
struct TlsAddress {
    std::string host; // also the name that the certificate must have
    std::uint16_t port = 443;
    std::filesystem::path caFile; // empty: the system's
};
// A socket in a directory that somebody else may write: every step below `base` is opened without following links.
struct LocalAddress {
    std::filesystem::path base; // trusted
    std::filesystem::path below; // "c0123/in/in.sock"; plain names only
    uid_t peerUidMin = 0; // a peer outside is Refused
    uid_t peerUidMax = static_cast<uid_t>(-2);
    bool peerOwnsDirectory = false; // and the peer must be the account that owns the socket's directory
};
using Address = std::variant<TcpAddress, TlsAddress, LocalAddress>;

struct UpstreamLimits {
    std::chrono::milliseconds connectDeadline{5'000};
    std::chrono::milliseconds headDeadline{600'000}; // from the end of the request to the response head (a model may think)
    std::chrono::milliseconds stallDeadline{600'000}; // between two pieces of a body
    std::size_t headBytes = 64 * 1024;
    std::size_t idleKept = 128;
    std::chrono::milliseconds idleFor{3'000}; // below Node's 5 s keep-alive
};

Task<Outcome<std::unique_ptr<Transport>>> connect(Address address, std::chrono::milliseconds deadline);

class UpstreamPool;

// One request and its response on one upstream connection. Not whole when destroyed: the connection is closed, which is how a
// cancelled request looks to the upstream. Whole and keep-alive: it goes back to its pool.
class UpstreamCall {
public:
    UpstreamCall();
    UpstreamCall(UpstreamCall&&) noexcept;
    UpstreamCall& operator=(UpstreamCall&&) noexcept;
    ~UpstreamCall();

    // begin() keeps the head until the first write() or finish(). head.framing as it is to be sent; Host must be among the fields.
    void begin(const RequestHead& head);
    Task<Done> write(std::string_view bytes);
    Task<Done> write(std::span<const std::string_view> parts); // by gathered writes; only where the length was said
    Task<Done> finish(); // end of the request body
    Task<Done> send(const RequestHead& head, std::string_view body = {}); // all three; framing set from the body

    Task<Outcome<ResponseHead>> readHead(); // skips 100 and other 1xx but 101
    // What is there (≤ 64 kB, valid until the next call); an empty view at the clean end. Truncated: it closed too early.
    Task<Outcome<std::string_view>> read();
    [[nodiscard]] bool hasBuffered() const; // read() would give something without waiting
    [[nodiscard]] std::string takeBuffered(); // after a 101: what came behind the head
    [[nodiscard]] Transport& transport(); // after a 101, for tunnel()

    [[nodiscard]] bool reused() const; // on a kept connection: a Gone before any byte of the head may be tried again
    void close(); // at once: cancels; callable from anywhere, also while another coroutine waits in read()

private:
    struct State;
    explicit UpstreamCall(std::shared_ptr<State> state);
    std::shared_ptr<State> m_state;
    friend class UpstreamPool;
};

// Kept connections to one address. May die before its calls.
class UpstreamPool {
public:
    UpstreamPool(asio::io_context& io, Address address, UpstreamLimits limits = {});
    ~UpstreamPool();

    // A kept connection that still looks alive, or a new one. Refused or TimedOut when there is none to be had.
    Task<Outcome<UpstreamCall>> open(bool fresh = false);
    void closeIdle();
    [[nodiscard]] std::size_t idle() const;

private:
    struct State;
    std::shared_ptr<State> m_state;
    friend class UpstreamCall;
};

} // namespace clawloops::stream
