// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "stream/exchange.h"

#include "stream/server_connection.h"

#include <algorithm>
#include <charconv>

namespace clawloops::stream {

Exchange::Exchange(ServerConnection& connection) : m_connection(connection) {}
Exchange::~Exchange() = default;

const RequestHead& Exchange::request() const { return m_connection.m_request; }
PeerCredentials Exchange::peer() const { return m_connection.m_transport->peer(); }
bool Exchange::begun() const { return m_connection.m_begun; }
bool Exchange::gone() const { return m_connection.m_gone || !m_connection.m_transport->isOpen(); }
int Exchange::status() const { return m_connection.m_status; }
void Exchange::cut() { m_connection.close(); }
void Exchange::abort() { m_connection.m_transport->close(); }

std::uint64_t Exchange::bytesIn() const {
    return m_connection.m_upgraded ? m_connection.m_transport->bytesRead() : m_connection.m_bytesIn;
}

std::uint64_t Exchange::bytesOut() const {
    return m_connection.m_upgraded ? m_connection.m_transport->bytesWritten() : m_connection.m_bytesOut;
}

void Exchange::onGone(std::function<void()> callback) {
    if (gone() && callback) {
        callback();
        return;
    }
    m_connection.m_onGone = std::move(callback);
    m_connection.watch();
}

Task<Outcome<std::string_view>> Exchange::read(asio::mutable_buffer own) {
    ServerConnection& c = m_connection;
    c.m_pieceOut = false;
    if (c.m_reader.atEnd()) {
        if (c.m_onGone)
            c.watch();
        co_return std::string_view();
    }
    if (std::exchange(c.m_continueDue, false) && c.m_input.empty()) {
        const Done sent = co_await c.sent("HTTP/1.1 100 Continue\r\n\r\n");
        if (!sent)
            co_return sent.fault;
    }
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(c.m_readUntil - std::chrono::steady_clock::now());
    if (left.count() <= 0) {
        c.m_closeAfter = true;
        co_return Fault::TimedOut; // the connection stays open for an answer
    }
    // A little later than that time, so that a client that still sends gets its answer; only a silent one is closed.
    c.m_transport->expireIn(std::min(c.m_limits.stallDeadline, left + std::chrono::seconds(1)));
    const auto piece = co_await c.m_reader.readBody(*c.m_transport, own);
    c.m_transport->neverExpire();
    if (!piece) {
        c.m_closeAfter = true;
        if (piece.fault != Fault::Cut && piece.fault != Fault::Malformed)
            c.markGone();
        co_return piece;
    }
    c.m_bytesIn += piece.value.size();
    c.m_pieceOut = !piece.value.empty();
    if (c.m_onGone)
        c.watch();
    co_return piece;
}

void Exchange::readWithin(std::chrono::milliseconds span) {
    m_connection.m_readUntil = std::chrono::steady_clock::now() + span;
}

void Exchange::stopReading() {
    if (m_connection.m_reader.atEnd())
        return;
    m_connection.m_closeAfter = true;
    m_connection.m_transport->cancel();
}

void Exchange::begin(ResponseHead head) {
    ServerConnection& c = m_connection;
    c.m_begun = true;
    c.m_status = head.status;
    c.m_bodyless = c.m_request.method == "HEAD" || head.status == 204 || head.status == 304;
    if (head.framing.kind == Framing::Kind::UntilClose && c.m_request.version == 11)
        head.framing = Framing::chunked();
    if (head.framing.kind == Framing::Kind::Chunked && c.m_request.version == 10)
        head.framing = {Framing::Kind::UntilClose, 0};
    if (head.framing.kind == Framing::Kind::UntilClose)
        c.m_closeAfter = true;
    head.keepAlive = head.keepAlive && c.m_request.keepAlive && !c.m_closeAfter && c.m_reader.atEnd();
    c.m_closeAfter = !head.keepAlive;
    if (c.m_request.version == 10 && head.keepAlive)
        head.fields.set("Connection", "keep-alive");
    c.m_framing = c.m_bodyless ? Framing::none() : head.framing;
    c.m_remaining = c.m_framing.kind == Framing::Kind::Length ? c.m_framing.length : 0;
    c.m_heldHead = writeHead(head);
}

Task<Done> Exchange::write(std::string_view bytes) {
    ServerConnection& c = m_connection;
    if (bytes.empty() || c.m_bodyless)
        co_return co_await flush();
    const std::string held = std::exchange(c.m_heldHead, {});
    Done done;
    if (c.m_framing.kind == Framing::Kind::Chunked) {
        char size[20];
        const auto end = std::to_chars(size, size + 16, bytes.size(), 16).ptr;
        *end = '\r';
        end[1] = '\n';
        const std::string head = held + std::string(size, static_cast<std::size_t>(end - size) + 2);
        done = co_await c.sent(head, bytes, "\r\n");
    } else {
        if (c.m_framing.kind == Framing::Kind::Length && bytes.size() > c.m_remaining) {
            abort(); // more than was promised would be read as the next answer
            co_return Fault::Malformed;
        }
        c.m_remaining -= c.m_framing.kind == Framing::Kind::Length ? bytes.size() : 0;
        if (c.m_framing.kind == Framing::Kind::None)
            co_return Fault::Malformed;
        done = co_await c.sent(held, bytes);
    }
    if (done)
        c.m_bytesOut += bytes.size();
    co_return done;
}

Task<Done> Exchange::flush() {
    if (m_connection.m_heldHead.empty())
        co_return Done();
    const std::string held = std::exchange(m_connection.m_heldHead, {});
    co_return co_await m_connection.sent(held);
}

Task<Done> Exchange::finish() {
    ServerConnection& c = m_connection;
    const std::string held = std::exchange(c.m_heldHead, {});
    if (c.m_remaining > 0) {
        abort();
        co_return Fault::Truncated;
    }
    const bool chunked = c.m_framing.kind == Framing::Kind::Chunked;
    Done done;
    if (!held.empty() || chunked)
        done = co_await c.sent(held, chunked ? "0\r\n\r\n" : "");
    c.m_finished = done.ok();
    co_return done;
}

Task<Done> Exchange::respond(ResponseHead head, std::string_view body) {
    ServerConnection& c = m_connection;
    head.framing = Framing::ofLength(body.size());
    begin(std::move(head));
    const std::string held = std::exchange(c.m_heldHead, {});
    const Done done = co_await c.sent(held, c.m_bodyless ? std::string_view() : body);
    c.m_remaining = 0;
    c.m_finished = done.ok();
    if (done && !c.m_bodyless)
        c.m_bytesOut += body.size();
    co_return done;
}

Task<Outcome<Transport*>> Exchange::upgrade(ResponseHead head) {
    ServerConnection& c = m_connection;
    c.m_upgraded = true; // before the watch ends, which must not take its own cancelling for the client's leaving
    if (!c.m_watchDone.isSet()) {
        c.m_transport->cancel();
        co_await c.m_watchDone.wait();
    }
    if (c.m_gone)
        co_return Fault::Gone;
    c.m_begun = c.m_finished = true;
    c.m_status = head.status;
    const std::string text = writeHead(head);
    const Done done = co_await c.sent(text);
    if (!done)
        co_return done.fault;
    co_return c.m_transport.get();
}

std::string Exchange::takeBuffered() {
    std::string bytes(m_connection.m_input.bytes());
    m_connection.m_input.consume(bytes.size());
    return bytes;
}

} // namespace clawloops::stream
