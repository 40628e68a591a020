// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string_view>

namespace clawloops::gateway {

// Is a text that comes in pieces UTF-8? A piece's inside is simdjson's, the sequences that lie across its ends are followed here.
class Utf8Check {
public:
    [[nodiscard]] bool push(std::string_view piece); // false, and from then on, at the first piece that cannot be
    [[nodiscard]] bool complete() const { return m_left == 0; }

private:
    [[nodiscard]] bool step(unsigned char byte);

    int m_left = 0; // bytes of the sequence under way that are still to come
    unsigned char m_least = 0x80; // of the next one
    unsigned char m_most = 0xbf;
    bool m_wrong = false;
};

} // namespace clawloops::gateway
