// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "stream/transport.h"

#include <algorithm>
#include <cstring>

namespace clawloops::fuzz {

// A peer that sends these bytes in pieces of one length and then closes. Never waits.
class PiecedTransport final : public stream::Transport {
public:
    PiecedTransport(stream::asio::io_context& io, std::string_view bytes, std::size_t piece)
        : Transport(io), m_rest(bytes), m_piece(piece) {}

    stream::Task<stream::Outcome<std::size_t>> read(stream::asio::mutable_buffer into) override {
        const std::size_t count = std::min({into.size(), m_piece, m_rest.size()});
        if (count == 0)
            co_return stream::Fault::Gone;
        std::memcpy(into.data(), m_rest.data(), count);
        m_rest.remove_prefix(count);
        co_return count;
    }
    stream::Task<stream::Done> write(std::string_view, std::string_view, std::string_view) override { co_return stream::Done(); }
    stream::Task<stream::Done> finishWriting() override { co_return stream::Done(); }
    void cancel() override {}
    void close() override {}
    [[nodiscard]] bool isOpen() const override { return true; }
    [[nodiscard]] bool looksAlive() override { return true; }
    [[nodiscard]] std::size_t left() const { return m_rest.size(); }

private:
    std::string_view m_rest;
    std::size_t m_piece;
};

} // namespace clawloops::fuzz
