// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace clawloops::fuzz {

// Bytes as decisions: for targets that try sequences of operations. When they are used up everything is 0.
class Choices {
public:
    explicit Choices(std::string_view bytes) : m_bytes(bytes) {}
    [[nodiscard]] bool left() const { return !m_bytes.empty(); }
    std::uint8_t byte() {
        if (m_bytes.empty())
            return 0;
        const auto found = static_cast<std::uint8_t>(m_bytes.front());
        m_bytes.remove_prefix(1);
        return found;
    }
    std::size_t below(std::size_t end) { return byte() % end; }
    std::int64_t amount() { return byte() * 256 + byte(); }
    std::int64_t number() { // any at all
        std::uint64_t found = 0;
        for (int i = 0; i < 8; ++i)
            found = found << 8U | byte();
        return static_cast<std::int64_t>(found);
    }
    std::string text() { // up to 15 bytes, its length before it
        const std::size_t length = byte() % 16U;
        std::string found(m_bytes.substr(0, length));
        m_bytes.remove_prefix(found.size());
        return found;
    }

private:
    std::string_view m_bytes;
};

} // namespace clawloops::fuzz
