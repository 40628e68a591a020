// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "stream/upstream.h"

#include <chrono>
#include <filesystem>
#include <map>
#include <memory>
#include <string>

namespace clawloops::relay {

// One pool of connections per cell, made at its first request. A cell's in.sock is opened beneath the cells directory without
// following links, and its peer must be the account that owns the directory it lies in: only the host gives that directory to
// somebody, so a socket that another account put there is refused.
class CellUpstreams {
public:
    CellUpstreams(boost::asio::io_context& io, std::filesystem::path cellsDirectory, stream::UpstreamLimits limits);

    [[nodiscard]] std::shared_ptr<stream::UpstreamPool> of(const std::string& cellId); // a valid cell id
    void closeIdle();
    void forgetUnused(); // pools that nobody holds and that keep no connection
    [[nodiscard]] std::size_t size() const { return m_pools.size(); }

private:
    boost::asio::io_context& m_io;
    std::filesystem::path m_cells;
    stream::UpstreamLimits m_limits;
    std::map<std::string, std::shared_ptr<stream::UpstreamPool>> m_pools;
};

} // namespace clawloops::relay
