// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "stream/exchange.h"
#include "stream/input_buffer.h"
#include "stream/listener.h"
#include "stream/message_reader.h"
#include "stream/signal.h"

#include <memory>

namespace clawloops::stream {

// One accepted connection: reads requests one after another, lets the handler answer each, watches for the client's leaving
// meanwhile. Kept alive by its own coroutines; the listener only knows it weakly, to close it.
class ServerConnection : public std::enable_shared_from_this<ServerConnection> {
public:
    ServerConnection(asio::io_context& io, std::unique_ptr<Transport> transport, ServerLimits limits);

    Task<void> serve(const Handler& handler); // until it closes
    void close();
    [[nodiscard]] std::uint64_t wrongHeads() const { return m_wrongHeads; }

private:
    friend class Exchange;
    Task<bool> serveOne(const Handler& handler); // false: the connection ends
    Task<void> refuse(Fault fault);
    Task<void> closeGracefully();
    Task<void> settle(); // after the handler: the missing answer, or the end of a broken one
    void watch(); // starts the background read that notices the client's end
    Task<void> watchOnce();
    void markGone();
    Task<Done> sent(std::string_view head, std::string_view body = {}, std::string_view tail = {});

    asio::io_context& m_io;
    std::unique_ptr<Transport> m_transport;
    ServerLimits m_limits;
    InputBuffer m_input;
    MessageReader m_reader;
    Signal m_watchDone;
    std::uint64_t m_wrongHeads = 0;

    // of the exchange under way
    RequestHead m_request;
    std::function<void()> m_onGone;
    std::string m_heldHead; // begun, not sent yet
    std::chrono::steady_clock::time_point m_readUntil; // the body, at the latest
    Framing m_framing; // of the answer
    std::uint64_t m_remaining = 0; // bytes of the answer still to come, with Length
    std::uint64_t m_bytesIn = 0;
    std::uint64_t m_bytesOut = 0;
    int m_status = 0;
    bool m_active = false;
    bool m_pieceOut = false; // the handler may still look at input bytes: they must not move
    bool m_continueDue = false; // the client waits for "100 Continue"
    bool m_bodyless = false; // no body may be sent: HEAD, 204, 304
    bool m_begun = false;
    bool m_finished = false;
    bool m_upgraded = false;
    bool m_closeAfter = false;
    bool m_gone = false;
};

} // namespace clawloops::stream
