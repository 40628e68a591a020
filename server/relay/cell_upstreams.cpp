// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "relay/cell_upstreams.h"

namespace clawloops::relay {

namespace {
constexpr std::size_t mostPools = 512; // far above one workstation's cells; then the unused ones go
} // namespace

CellUpstreams::CellUpstreams(boost::asio::io_context& io, std::filesystem::path cellsDirectory, stream::UpstreamLimits limits)
    : m_io(io), m_cells(std::move(cellsDirectory)), m_limits(limits) {}

std::shared_ptr<stream::UpstreamPool> CellUpstreams::of(const std::string& cellId) {
    if (const auto found = m_pools.find(cellId); found != m_pools.end())
        return found->second;
    if (m_pools.size() >= mostPools)
        forgetUnused();
    stream::LocalAddress address;
    address.base = m_cells;
    address.below = std::filesystem::path(cellId) / "in" / "in.sock";
    address.peerOwnsDirectory = true;
    auto pool = std::make_shared<stream::UpstreamPool>(m_io, stream::Address(address), m_limits);
    m_pools.emplace(cellId, pool);
    return pool;
}

void CellUpstreams::closeIdle() {
    for (const auto& [cell, pool] : m_pools)
        pool->closeIdle();
}

void CellUpstreams::forgetUnused() {
    std::erase_if(m_pools, [](const auto& item) { return item.second.use_count() == 1 && item.second->idle() == 0; });
}

} // namespace clawloops::relay
