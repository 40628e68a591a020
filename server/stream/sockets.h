// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "stream/task.h"
#include "stream/transport.h"

#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/ssl/context.hpp>
#include <memory>
#include <string>

namespace clawloops::stream {

// TCP and unix alike: one instantiation of everything.
using Socket = asio::basic_stream_socket<asio::generic::stream_protocol, Executor>;

[[nodiscard]] std::unique_ptr<Transport> plainTransport(asio::io_context& io, Socket socket);

class TlsTransport : public Transport {
public:
    virtual Task<Done> handshake() = 0;

protected:
    using Transport::Transport;
};
[[nodiscard]] std::unique_ptr<TlsTransport> tlsServerTransport(asio::io_context& io, Socket socket, asio::ssl::context& context);
[[nodiscard]] std::unique_ptr<TlsTransport> tlsClientTransport(asio::io_context& io, Socket socket, asio::ssl::context& context,
                                                               const std::string& host);

void setNoDelay(Socket& socket);
[[nodiscard]] PeerCredentials peerOf(int descriptor);
[[nodiscard]] bool quietAndOpen(int descriptor); // nothing to read and no end: what an idle connection looks like

} // namespace clawloops::stream
