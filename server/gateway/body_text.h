// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/block_stock.h"

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <functional>
#include <span>
#include <string_view>
#include <vector>

namespace clawloops::gateway {

// Text that only grows, in blocks that never move: what it takes is what it holds, rounded up to a block, where a growing string
// would take up to three times as much. The first block is a small one: most requests need no other. `grow` is asked before
// each block; when it says no, append() fails and room() is empty from then on.
class BodyText {
public:
    static constexpr std::size_t firstBytes = BlockStock::small;
    static constexpr std::size_t blockBytes = BlockStock::large;
    using Grow = std::function<bool(std::size_t bytes)>;

    explicit BodyText(Grow grow) : m_grow(std::move(grow)) {}

    // Room behind the text, to be written by the caller, who then says with took() how much of it is text.
    [[nodiscard]] std::span<char> room() {
        if (m_size == m_room) {
            const std::size_t bytes = m_blocks.empty() ? firstBytes : blockBytes;
            if (!m_grow(bytes))
                return {};
            m_blocks.push_back(BlockStock::take(bytes));
            m_room += bytes;
        }
        return {at(m_size), m_room - m_size};
    }
    void took(std::size_t bytes) { m_size += bytes; }
    bool append(std::string_view text) {
        while (!text.empty()) {
            const std::span<char> free = room();
            if (free.empty())
                return false;
            const std::size_t part = std::min(text.size(), free.size());
            std::memcpy(free.data(), text.data(), part);
            took(part);
            text.remove_prefix(part);
        }
        return true;
    }

    [[nodiscard]] std::size_t size() const { return m_size; }
    // The text from `begin` to `end` as views, one for each block that it touches.
    template <class Visit> void visit(std::size_t begin, std::size_t end, Visit visitor) const {
        while (begin < end) {
            const std::size_t last = begin < firstBytes ? firstBytes : begin - (begin - firstBytes) % blockBytes + blockBytes;
            const std::size_t part = std::min(end, last) - begin;
            visitor(std::string_view(at(begin), part));
            begin += part;
        }
    }

private:
    [[nodiscard]] char* at(std::size_t offset) const {
        if (offset < firstBytes)
            return m_blocks.front().get() + offset;
        return m_blocks[1 + (offset - firstBytes) / blockBytes].get() + (offset - firstBytes) % blockBytes;
    }

    Grow m_grow;
    std::vector<BlockStock::Block> m_blocks;
    std::size_t m_size = 0;
    std::size_t m_room = 0;
};

} // namespace clawloops::gateway
