// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "stream/exchange.h"
#include "stream/upstream.h"

#include <chrono>
#include <cstdint>

namespace clawloops::stream {

// Request body, client → upstream, then the end of it. Reads the next piece only when the last one is written, so that a slow
// upstream slows the client down and nothing piles up here.
Task<Done> pumpRequest(Exchange& exchange, UpstreamCall& call, std::uint64_t limit);

// The same beside the answer: a server may answer before it has read everything. stop() must be awaited before the exchange or
// the call dies; it ends a pump that still waits for the client, whose connection then closes after the answer.
class RequestPump {
public:
    RequestPump(Exchange& exchange, UpstreamCall& call, std::uint64_t limit);
    ~RequestPump();
    void start(asio::io_context& io);
    Task<void> stop();
    [[nodiscard]] bool finished() const;
    [[nodiscard]] Fault fault() const; // TooLarge, Gone, ...; None while it runs

private:
    struct State;
    std::shared_ptr<State> m_state;
};

enum class PumpEnd {
    Whole,
    ClientGone, // left, or cut
    UpstreamFailed, // truncated, stalled, malformed: the client's answer was aborted
};
// Response body, upstream → client, after exchange.begin(). The client gets a clean end only when the upstream gave one.
Task<PumpEnd> pumpResponse(UpstreamCall& call, Exchange& exchange);

struct TunnelCount {
    std::uint64_t fromClient = 0;
    std::uint64_t fromUpstream = 0;
};
// Raw bytes both ways until both sides have ended or one failed, or nothing moved for `idle` either way. The end of one
// direction is passed on as a half close, and what then stays half open has 15 s of silence at most. `count` is kept up to date meanwhile. Both are closed afterwards.
Task<void> tunnel(Transport& client, Transport& upstream, std::chrono::milliseconds idle, TunnelCount& count);

} // namespace clawloops::stream
