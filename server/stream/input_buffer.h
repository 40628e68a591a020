// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/block_stock.h"
#include "stream/transport.h"

namespace clawloops::stream {

// Bytes read but not yet used. Starts small, so that an idle connection costs little, and grows to `most` while a body flows.
// Views into it stay good until the next fill().
class InputBuffer {
public:
    static constexpr std::size_t least = BlockStock::medium;
    static constexpr std::size_t most = BlockStock::large;

    [[nodiscard]] std::string_view bytes() const { return {m_data.get() + m_begin, m_end - m_begin}; }
    [[nodiscard]] bool empty() const { return m_begin == m_end; }
    void consume(std::size_t count) { m_begin += count; }
    // Reads once, behind what is there. TooLarge when there are `most` bytes that nobody can use.
    Task<Done> fill(Transport& transport);
    void releaseIfEmpty(); // gives the memory back while a connection idles

private:
    void makeRoom();

    BlockStock::Block m_data;
    std::size_t m_capacity = 0;
    std::size_t m_begin = 0;
    std::size_t m_end = 0;
    bool m_wantMore = false; // the last read filled all the room there was
};

} // namespace clawloops::stream
