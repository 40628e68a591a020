// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "stream/server_connection.h"

#include "base/log.h"


namespace clawloops::stream {

namespace {
constexpr Log log("stream");
constexpr std::chrono::milliseconds lingerFor{2'000};
constexpr std::size_t lingerBytes = 1024 * 1024;
} // namespace

ServerConnection::ServerConnection(asio::io_context& io, std::unique_ptr<Transport> transport, ServerLimits limits)
    : m_io(io), m_transport(std::move(transport)), m_limits(limits),
      m_reader(MessageReader::Side::Requests, m_input, limits.headBytes), m_watchDone(io.get_executor()) {
    m_watchDone.set();
}

Task<void> ServerConnection::serve(const Handler& handler) {
    const auto self = shared_from_this();
    while (m_transport->isOpen() && co_await serveOne(handler)) {
    }
    if (m_transport->isOpen() && !m_upgraded)
        co_await closeGracefully();
    m_transport->close();
    co_await m_watchDone.wait();
}

void ServerConnection::close() {
    m_transport->close();
    markGone();
}

Task<bool> ServerConnection::serveOne(const Handler& handler) {
    m_transport->expireIn(m_limits.idleDeadline);
    co_await m_watchDone.wait(); // a watch of the last exchange still holds the input: it ends with the next request's first bytes
    if (m_gone)
        co_return false;
    if (m_input.empty()) {
        m_input.releaseIfEmpty();
        const Done first = co_await m_input.fill(*m_transport);
        if (!first)
            co_return false;
    }
    m_transport->expireIn(m_limits.headDeadline);
    m_reader.startMessage();
    const Done read = co_await m_reader.readHead(*m_transport);
    if (!read) {
        co_await refuse(read.fault);
        co_return false;
    }
    m_transport->neverExpire();
    m_request = m_reader.takeRequest();
    m_bytesIn = m_bytesOut = 0;
    m_status = 0;
    m_active = true;
    m_begun = m_finished = m_closeAfter = m_bodyless = m_pieceOut = false;
    m_continueDue = m_request.version == 11 && !m_reader.atEnd() && m_request.fields.hasToken("Expect", "100-continue");
    m_readUntil = std::chrono::steady_clock::time_point::max();
    m_framing = {};
    m_heldHead.clear();
    {
        Exchange exchange(*this);
        co_await handler(exchange);
    }
    m_onGone = nullptr;
    if (!m_upgraded)
        co_await settle();
    m_active = false;
    co_return m_transport->isOpen() && !m_gone && !m_upgraded && !m_closeAfter && m_finished && m_reader.atEnd() && m_request.keepAlive;
}

Task<void> ServerConnection::settle() {
    if (!m_begun && m_transport->isOpen()) {
        log.error("a request was left without an answer");
        const ResponseHead head{500, {}, {}, {}, false};
        m_begun = m_finished = m_closeAfter = true;
        m_status = 500;
        const std::string text = writeHead(head);
        static_cast<void>(co_await sent(text));
    } else if (m_begun && !m_finished) {
        m_transport->close(); // the client must not take half an answer for a whole one
    }
}

Task<void> ServerConnection::refuse(Fault fault) {
    ++m_wrongHeads;
    int status = 0;
    if (fault == Fault::Malformed)
        status = 400;
    else if (fault == Fault::TooLarge)
        status = 431;
    if (status == 0)
        co_return;
    ResponseHead head;
    head.status = status;
    head.keepAlive = false;
    const std::string text = writeHead(head);
    static_cast<void>(co_await sent(text));
}

// Closing at once with unread bytes in the kernel would make a reset of it, and the client might lose the answer.
Task<void> ServerConnection::closeGracefully() {
    m_transport->expireIn(lingerFor);
    if (m_gone || !m_watchDone.isSet())
        co_return; // everything was read, or nothing more may be
    const Done ended = co_await m_transport->finishWriting();
    if (!ended)
        co_return;
    std::size_t dropped = 0;
    while (dropped < lingerBytes) {
        m_input.consume(m_input.bytes().size());
        const Done more = co_await m_input.fill(*m_transport);
        if (!more)
            co_return;
        dropped += m_input.bytes().size();
    }
}

void ServerConnection::watch() {
    if (!m_active || !m_watchDone.isSet() || !m_reader.atEnd() || !m_input.empty() || m_pieceOut || m_gone || m_upgraded)
        return;
    m_watchDone.reset();
    spawn(m_io, watchOnce());
}

Task<void> ServerConnection::watchOnce() {
    const auto self = shared_from_this();
    const Done more = co_await m_input.fill(*m_transport);
    if (!more) {
        if (more.fault != Fault::Cut || !m_upgraded) { // an upgrade cancels the watch
            m_transport->close();
            markGone();
        }
    }
    m_watchDone.set();
}

void ServerConnection::markGone() {
    m_gone = true;
    if (m_onGone) {
        const auto callback = std::exchange(m_onGone, nullptr);
        callback();
    }
}

Task<Done> ServerConnection::sent(std::string_view head, std::string_view body, std::string_view tail) {
    m_transport->expireIn(m_limits.stallDeadline);
    const Done written = co_await m_transport->write(head, body, tail);
    m_transport->neverExpire();
    if (!written)
        markGone();
    co_return written;
}

} // namespace clawloops::stream
