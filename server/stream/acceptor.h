// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "stream/sockets.h"

#include <boost/asio/basic_socket_acceptor.hpp>

namespace clawloops::stream {

using Acceptor = asio::basic_socket_acceptor<asio::generic::stream_protocol, Executor>;
// The next connection. Gone when the acceptor was closed; out of descriptors or memory it waits a little and goes on.
Task<Outcome<std::unique_ptr<Socket>>> acceptNext(Acceptor& acceptor);

} // namespace clawloops::stream
