// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/route_table.h"
#include "stream/upstream.h"

#include <map>
#include <memory>
#include <string>
#include <string_view>

namespace clawloops::gateway {

// One pool of kept connections for each address that targets name.
class Upstreams {
public:
    Upstreams(stream::asio::io_context& io, stream::UpstreamLimits limits) : m_io(io), m_limits(limits) {}
    [[nodiscard]] stream::UpstreamPool& poolFor(const model::TargetUrl& url);
    void forgetAllBut(const model::RouteTable& table); // drops the pools that no target of this table uses; calls go on

private:
    stream::asio::io_context& m_io;
    stream::UpstreamLimits m_limits;
    std::map<std::string, std::unique_ptr<stream::UpstreamPool>> m_pools;
};

// version-traceid-parentid-flags, lower-case hex: nothing else is worth passing on.
[[nodiscard]] bool isTraceParent(std::string_view text);

// The head of a model request as a target gets it. Nothing of the client's head passes but a well-formed traceparent and, for
// /v1/messages, the API version fields; the credential is the target's own.
[[nodiscard]] stream::RequestHead upstreamHead(const model::Target& target, model::Endpoint endpoint,
                                               const stream::RequestHead& client, std::string_view rid,
                                               std::string_view credential);

} // namespace clawloops::gateway
