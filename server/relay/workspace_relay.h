// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/clock.h"
#include "base/secret.h"
#include "relay/cell_upstreams.h"
#include "relay/clean_answer.h"
#include "relay/recent_cuts.h"
#include "stream/exchange.h"
#include "stream/registry.h"
#include "wire/grant.h"

#include <chrono>
#include <cstdint>

namespace clawloops::relay {

struct RelayLimits {
    std::uint64_t requestBytes = 256ull * 1024 * 1024;
    std::size_t connectionsPerCell = 256;
    std::chrono::milliseconds tunnelIdle{600'000}; // OpenClaw ticks every 30 s
};

struct RelayCounts {
    std::uint64_t requests = 0;
    std::uint64_t errors = 0; // answers >= 500 of ours
    std::uint64_t denied = 0;
    std::uint64_t cut = 0;
};

// Takes Traefik's requests to the cell that their grant names, when the grant fits what is really asked for. Every request and
// WebSocket under way is in the registry, by session, user and cell, for cut().
class WorkspaceRelay {
public:
    WorkspaceRelay(boost::asio::io_context& io, const Clock& clock, Secret grantKey, CellUpstreams& cells,
                   stream::ConnectionRegistry& registry, std::uint16_t portalPort, RelayLimits limits = {});

    stream::Task<void> handle(stream::Exchange& exchange);
    // Ends what is open, and refuses what comes later with a grant from before. How many were open.
    std::size_t cut(const stream::ConnectionRegistry::Selector& selector);
    [[nodiscard]] const RelayCounts& counts() const { return m_counts; }

private:
    struct Visit; // one request: its grant, and what the log line will say
    stream::Task<void> relay(stream::Exchange& exchange, Visit& visit);
    stream::Task<void> forward(stream::Exchange& exchange, Visit& visit);
    stream::Task<stream::Outcome<stream::UpstreamCall>> ask(stream::Exchange& exchange, Visit& visit, bool fresh);
    stream::Task<void> tunnelThrough(stream::Exchange& exchange, Visit& visit, stream::UpstreamCall& call, stream::ResponseHead head);
    stream::Task<void> refuse(stream::Exchange& exchange, Visit& visit, const Refusal& refusal);
    [[nodiscard]] Result<Grant> permit(const stream::RequestHead& request) const;

    boost::asio::io_context& m_io;
    const Clock& m_clock;
    Secret m_key;
    CellUpstreams& m_cells;
    stream::ConnectionRegistry& m_registry;
    std::uint16_t m_portalPort;
    RelayLimits m_limits;
    RecentCuts m_cuts;
    RelayCounts m_counts;
};

} // namespace clawloops::relay
