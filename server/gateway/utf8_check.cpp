// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/utf8_check.h"

#include <algorithm>
#include <simdjson.h>

namespace clawloops::gateway {

// The table of well-formed sequences in the Unicode standard: what a first byte allows as the second.
bool Utf8Check::step(unsigned char byte) {
    if (m_left > 0) {
        if (byte < m_least || byte > m_most)
            return false;
        m_least = 0x80;
        m_most = 0xbf;
        --m_left;
        return true;
    }
    if (byte < 0x80)
        return true;
    if (byte < 0xc2 || byte > 0xf4)
        return false;
    m_left = byte < 0xe0 ? 1 : byte < 0xf0 ? 2 : 3;
    m_least = byte == 0xe0 ? 0xa0 : byte == 0xf0 ? 0x90 : 0x80;
    m_most = byte == 0xed ? 0x9f : byte == 0xf4 ? 0x8f : 0xbf;
    return true;
}

bool Utf8Check::push(std::string_view piece) {
    while (!m_wrong && m_left > 0 && !piece.empty()) {
        m_wrong = !step(static_cast<unsigned char>(piece.front()));
        piece.remove_prefix(1);
    }
    // Up to three bytes at the end may be the beginning of a sequence; a first byte among them decides.
    std::size_t tail = 0;
    for (std::size_t back = 1; back <= std::min<std::size_t>(3, piece.size()) && tail == 0; ++back) {
        const auto byte = static_cast<unsigned char>(piece[piece.size() - back]);
        if (byte >= 0xc0)
            tail = back;
        else if (byte < 0x80)
            break;
    }
    const std::string_view inside = piece.substr(0, piece.size() - tail);
    m_wrong = m_wrong || (!inside.empty() && !simdjson::validate_utf8(inside.data(), inside.size()));
    for (const char c : piece.substr(inside.size()))
        m_wrong = m_wrong || !step(static_cast<unsigned char>(c));
    return !m_wrong;
}

} // namespace clawloops::gateway
