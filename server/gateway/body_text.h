// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <functional>
#include <memory>
#include <string_view>
#include <vector>

namespace clawloops::gateway {

// Text that only grows, in blocks that never move: what it takes is what it holds, rounded up to a block, where a growing string
// would take up to three times as much. `grow` is asked before each block; when it says no, append() fails from then on.
class BodyText {
public:
    static constexpr std::size_t blockBytes = 64 * 1024;
    using Grow = std::function<bool(std::size_t bytes)>;

    explicit BodyText(Grow grow) : m_grow(std::move(grow)) {}

    bool append(std::string_view text) {
        while (!text.empty()) {
            const std::size_t used = m_size % blockBytes;
            if (used == 0 && m_size / blockBytes == m_blocks.size()) {
                if (!m_grow(blockBytes))
                    return false;
                m_blocks.push_back(std::make_unique_for_overwrite<char[]>(blockBytes));
            }
            const std::size_t part = std::min(text.size(), blockBytes - used);
            std::memcpy(m_blocks.back().get() + used, text.data(), part);
            m_size += part;
            text.remove_prefix(part);
        }
        return true;
    }
    bool append(char c) { return append(std::string_view(&c, 1)); }

    [[nodiscard]] std::size_t size() const { return m_size; }
    // The text from `begin` to `end` as views, one for each block that it touches.
    template <class Visit> void visit(std::size_t begin, std::size_t end, Visit visitor) const {
        while (begin < end) {
            const std::size_t part = std::min(end - begin, blockBytes - begin % blockBytes);
            visitor(std::string_view(m_blocks[begin / blockBytes].get() + begin % blockBytes, part));
            begin += part;
        }
    }

private:
    Grow m_grow;
    std::vector<std::unique_ptr<char[]>> m_blocks;
    std::size_t m_size = 0;
};

} // namespace clawloops::gateway
