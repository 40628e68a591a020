// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "stream/pump.h"

#include "stream/signal.h"

#include <algorithm>

namespace clawloops::stream {

namespace {
constexpr std::chrono::milliseconds halfOpenIdle{15'000}; // once one side has ended; who keeps the other half open has that long
constexpr std::size_t tunnelBytes = 16 * 1024; // one TLS record; two of these for each open WebSocket
} // namespace

Task<Done> pumpRequest(Exchange& exchange, UpstreamCall& call, std::uint64_t limit) {
    std::uint64_t passed = 0;
    while (true) {
        const auto piece = co_await exchange.read();
        if (!piece) {
            call.close(); // the upstream must not take a part for the whole
            co_return piece.fault;
        }
        if (piece.value.empty())
            co_return co_await call.finish();
        passed += piece.value.size();
        if (passed > limit) {
            call.close();
            co_return Fault::TooLarge;
        }
        const Done written = co_await call.write(piece.value);
        if (!written)
            co_return written;
    }
}

struct RequestPump::State {
    State(Exchange& e, UpstreamCall& c, std::uint64_t most) : exchange(e), call(c), limit(most) {}
    Exchange& exchange;
    UpstreamCall& call;
    std::uint64_t limit;
    std::unique_ptr<Signal> finished;
    bool started = false;
    bool done = false;
    Fault fault = Fault::None;
    static Task<void> run(std::shared_ptr<State> self);
};

RequestPump::RequestPump(Exchange& exchange, UpstreamCall& call, std::uint64_t limit)
    : m_state(std::make_shared<State>(exchange, call, limit)) {}
RequestPump::~RequestPump() = default;
bool RequestPump::finished() const { return m_state->done; }
Fault RequestPump::fault() const { return m_state->fault; }

Task<void> RequestPump::State::run(std::shared_ptr<State> self) {
    const Done done = co_await pumpRequest(self->exchange, self->call, self->limit);
    self->fault = done.fault;
    self->done = true;
    self->finished->set();
}

void RequestPump::start(asio::io_context& io) {
    m_state->started = true;
    m_state->finished = std::make_unique<Signal>(io.get_executor());
    spawn(io, State::run(m_state));
}

Task<void> RequestPump::stop() {
    const auto state = m_state;
    if (!state->started)
        co_return;
    if (!state->done) {
        state->call.close();
        state->exchange.stopReading();
    }
    co_await state->finished->wait();
}

Task<PumpEnd> pumpResponse(UpstreamCall& call, Exchange& exchange) {
    while (true) {
        if (!call.hasBuffered()) { // the head of a slow answer does not wait for its body
            const Done flushed = co_await exchange.flush();
            if (!flushed) {
                call.close();
                co_return PumpEnd::ClientGone;
            }
        }
        const auto piece = co_await call.read();
        if (!piece) {
            if (exchange.gone())
                co_return PumpEnd::ClientGone;
            exchange.abort();
            co_return PumpEnd::UpstreamFailed;
        }
        const bool last = piece.value.empty();
        const Done sent = last ? co_await exchange.finish() : co_await exchange.write(piece.value);
        if (!sent) {
            call.close();
            co_return PumpEnd::ClientGone;
        }
        if (last)
            co_return PumpEnd::Whole;
    }
}

namespace {

struct Tunnel {
    Tunnel(Transport& c, Transport& u, std::chrono::milliseconds i, Executor executor)
        : client(c), upstream(u), idle(i), otherWay(executor) {}
    Transport& client;
    Transport& upstream;
    std::chrono::milliseconds idle;
    Signal otherWay;

    void renew() {
        client.expireIn(idle);
        upstream.expireIn(idle);
    }
    void close() {
        client.close();
        upstream.close();
    }
    Task<void> oneWay(Transport& from, Transport& to, std::uint64_t& count);
    Task<void> upstreamToClient(std::uint64_t& count) {
        co_await oneWay(upstream, client, count);
        otherWay.set();
    }
};

Task<void> Tunnel::oneWay(Transport& from, Transport& to, std::uint64_t& count) {
    const auto buffer = std::make_unique_for_overwrite<char[]>(tunnelBytes);
    while (true) {
        const auto got = co_await from.read(asio::mutable_buffer(buffer.get(), tunnelBytes));
        if (!got) {
            if (got.fault != Fault::Gone) {
                close();
                co_return;
            }
            idle = std::min(idle, halfOpenIdle);
            renew();
            if (!co_await to.finishWriting())
                close();
            co_return;
        }
        renew();
        const Done sent = co_await to.write(std::string_view(buffer.get(), got.value));
        if (!sent) {
            close();
            co_return;
        }
        count += got.value;
        renew();
    }
}

} // namespace

Task<void> tunnel(Transport& client, Transport& upstream, std::chrono::milliseconds idle, TunnelCount& count) {
    asio::io_context& io = co_await thisContext();
    Tunnel both(client, upstream, idle, io.get_executor());
    both.renew();
    spawn(io, both.upstreamToClient(count.fromUpstream));
    co_await both.oneWay(client, upstream, count.fromClient);
    co_await both.otherWay.wait();
    both.close();
}

} // namespace clawloops::stream
