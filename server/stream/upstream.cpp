// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "stream/upstream.h"

#include "stream/input_buffer.h"
#include "stream/message_reader.h"

#include <charconv>
#include <deque>
#include <vector>

namespace clawloops::stream {

namespace {

struct Kept {
    std::unique_ptr<Transport> transport;
    std::chrono::steady_clock::time_point since;
};

} // namespace

struct UpstreamPool::State {
    asio::io_context& io;
    Address address;
    UpstreamLimits limits;
    std::deque<Kept> idle; // newest last

    // The newest that is young enough and still looks alive; what is older goes.
    std::unique_ptr<Transport> take() {
        const auto now = std::chrono::steady_clock::now();
        while (!idle.empty() && now - idle.front().since > limits.idleFor)
            idle.pop_front();
        while (!idle.empty()) {
            auto transport = std::move(idle.back().transport);
            idle.pop_back();
            transport->neverExpire();
            if (transport->looksAlive())
                return transport;
        }
        return nullptr;
    }
    void keep(std::unique_ptr<Transport> transport) {
        if (idle.size() >= limits.idleKept)
            idle.pop_front();
        transport->expireIn(limits.idleFor); // closed by then also when nobody asks again
        idle.push_back(Kept{std::move(transport), std::chrono::steady_clock::now()});
    }
};

struct UpstreamCall::State {
    State(std::unique_ptr<Transport> t, UpstreamLimits l, std::weak_ptr<UpstreamPool::State> p, bool kept)
        : transport(std::move(t)), limits(l), pool(std::move(p)), reader(MessageReader::Side::Responses, input, l.headBytes),
          reused(kept) {}

    std::unique_ptr<Transport> transport;
    UpstreamLimits limits;
    std::weak_ptr<UpstreamPool::State> pool;
    InputBuffer input;
    MessageReader reader;
    std::string heldHead;
    Framing framing;
    std::uint64_t remaining = 0;
    bool toHead = false;
    bool requestDone = false;
    bool keepAlive = false;
    bool headRead = false;
    bool broken = false;
    bool upgraded = false;
    bool reused;

    [[nodiscard]] bool whole() const {
        return requestDone && headRead && reader.atEnd() && keepAlive && !broken && !upgraded && input.empty() && transport->isOpen();
    }
    Task<Done> send(std::string_view head, std::string_view body = {}, std::string_view tail = {}) {
        transport->expireIn(limits.stallDeadline);
        const Done done = co_await transport->write(head, body, tail);
        if (done)
            transport->neverExpire();
        else
            broken = true;
        co_return done;
    }
};

UpstreamCall::UpstreamCall() = default;
UpstreamCall::UpstreamCall(std::shared_ptr<State> state) : m_state(std::move(state)) {}
UpstreamCall::UpstreamCall(UpstreamCall&&) noexcept = default;

UpstreamCall& UpstreamCall::operator=(UpstreamCall&& other) noexcept {
    UpstreamCall old(std::move(m_state)); // goes the way of a destroyed one
    m_state = std::move(other.m_state);
    return *this;
}

UpstreamCall::~UpstreamCall() {
    if (!m_state)
        return;
    const auto pool = m_state->pool.lock();
    if (pool && m_state->whole() && m_state.use_count() == 1)
        pool->keep(std::move(m_state->transport));
    else
        m_state->transport->close();
}

void UpstreamCall::begin(const RequestHead& head) {
    State& state = *m_state;
    state.framing = head.framing;
    state.remaining = head.framing.kind == Framing::Kind::Length ? head.framing.length : 0;
    state.toHead = head.method == "HEAD";
    state.heldHead = writeHead(head);
}

Task<Done> UpstreamCall::write(std::string_view bytes) {
    const auto state = m_state;
    if (bytes.empty())
        co_return Done();
    const std::string held = std::exchange(state->heldHead, {});
    if (state->framing.kind == Framing::Kind::Chunked) {
        char size[20];
        const auto end = std::to_chars(size, size + 16, bytes.size(), 16).ptr;
        const std::string head = held + std::string(size, static_cast<std::size_t>(end - size)) + "\r\n";
        co_return co_await state->send(head, bytes, "\r\n");
    }
    if (bytes.size() > state->remaining)
        co_return Fault::Malformed; // more than the head says would be taken for another request
    state->remaining -= bytes.size();
    co_return co_await state->send(held, bytes);
}

Task<Done> UpstreamCall::write(std::span<const std::string_view> parts) {
    const auto state = m_state;
    const std::string held = std::exchange(state->heldHead, {});
    std::vector<std::string_view> all{held};
    all.insert(all.end(), parts.begin(), parts.end());
    std::uint64_t bytes = 0;
    for (const std::string_view part : parts)
        bytes += part.size();
    if (state->framing.kind != Framing::Kind::Length || bytes > state->remaining)
        co_return Fault::Malformed;
    state->remaining -= bytes;
    state->transport->expireIn(state->limits.stallDeadline);
    const Done done = co_await state->transport->writeAll(all);
    if (done)
        state->transport->neverExpire();
    else
        state->broken = true;
    co_return done;
}

Task<Done> UpstreamCall::finish() {
    const auto state = m_state;
    const std::string held = std::exchange(state->heldHead, {});
    if (state->remaining > 0)
        co_return Fault::Truncated;
    const bool chunked = state->framing.kind == Framing::Kind::Chunked;
    Done done;
    if (!held.empty() || chunked)
        done = co_await state->send(held, chunked ? "0\r\n\r\n" : "");
    state->requestDone = done.ok();
    co_return done;
}

Task<Done> UpstreamCall::send(const RequestHead& head, std::string_view body) {
    const auto state = m_state;
    RequestHead sized = head;
    const bool mayHaveBody = head.method != "GET" && head.method != "HEAD";
    sized.framing = body.empty() && !mayHaveBody ? Framing::none() : Framing::ofLength(body.size());
    begin(sized);
    const std::string held = std::exchange(state->heldHead, {});
    state->remaining = 0;
    const Done done = co_await state->send(held, body);
    state->requestDone = done.ok();
    co_return done;
}

Task<Outcome<ResponseHead>> UpstreamCall::readHead() {
    const auto state = m_state;
    while (true) {
        state->reader.startMessage(state->toHead);
        state->transport->expireIn(state->limits.headDeadline);
        const Done read = co_await state->reader.readHead(*state->transport);
        if (!read) {
            state->broken = true;
            co_return read.fault;
        }
        state->transport->neverExpire();
        ResponseHead head = state->reader.takeResponse();
        if (head.status / 100 == 1 && head.status != 101)
            continue;
        state->headRead = true;
        state->keepAlive = head.keepAlive;
        state->upgraded = head.status == 101;
        co_return head;
    }
}

Task<Outcome<std::string_view>> UpstreamCall::read() {
    const auto state = m_state;
    state->transport->expireIn(state->limits.stallDeadline);
    const auto piece = co_await state->reader.readBody(*state->transport);
    if (piece)
        state->transport->neverExpire();
    else
        state->broken = true;
    co_return piece;
}

bool UpstreamCall::hasBuffered() const { return m_state->reader.hasPiece(); }
Transport& UpstreamCall::transport() { return *m_state->transport; }
bool UpstreamCall::reused() const { return m_state->reused; }

std::string UpstreamCall::takeBuffered() {
    std::string bytes(m_state->input.bytes());
    m_state->input.consume(bytes.size());
    return bytes;
}

void UpstreamCall::close() {
    if (!m_state)
        return;
    m_state->broken = true;
    m_state->transport->close();
}

UpstreamPool::UpstreamPool(asio::io_context& io, Address address, UpstreamLimits limits)
    : m_state(new State{io, std::move(address), limits, {}}) {}
UpstreamPool::~UpstreamPool() = default;
std::size_t UpstreamPool::idle() const { return m_state->idle.size(); }
void UpstreamPool::closeIdle() { m_state->idle.clear(); }

Task<Outcome<UpstreamCall>> UpstreamPool::open(bool fresh) {
    const auto state = m_state;
    if (!fresh) {
        if (auto kept = state->take())
            co_return UpstreamCall(std::make_shared<UpstreamCall::State>(std::move(kept), state->limits, state, true));
    }
    auto connected = co_await connect(state->address, state->limits.connectDeadline);
    if (!connected)
        co_return connected.fault;
    co_return UpstreamCall(std::make_shared<UpstreamCall::State>(std::move(connected.value), state->limits, state, false));
}

} // namespace clawloops::stream
