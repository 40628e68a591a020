// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cell/options.h"

#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/basic_socket_acceptor.hpp>

#include <string>

namespace clawloops::cell {

// Listens on one end and joins every connection to a new one on the other end, bytes as they are, half-closes included.
// At most 2048 connections at a time; a further one waits in the kernel's queue. A unix socket replaces a stale file of the
// same name and gets mode 0660. One thread: the io_context's. Memory: 2 x 16 KiB a connection.
class Join {
public:
    Join(boost::asio::io_context& context, JoinSpec spec);
    ~Join(); // removes its socket file

    [[nodiscard]] bool open(std::string& error);

private:
    using Protocol = boost::asio::generic::stream_protocol;
    void accept();
    void acceptLater();

    boost::asio::io_context& m_context;
    JoinSpec m_spec;
    boost::asio::basic_socket_acceptor<Protocol> m_acceptor;
    boost::asio::steady_timer m_pause;
    int m_open = 0;
};

} // namespace clawloops::cell
