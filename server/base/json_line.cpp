// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/json_line.h"

#include "base/json.h"
#include "base/text_scan.h"

#include <algorithm>
#include <charconv>
#include <utility>

namespace clawloops {

JsonLine::JsonLine(std::string& out) : m_out(out), m_size(out.size()) {
    m_out.resize(m_size + 1024);
    m_out[m_size++] = '{';
}

char* JsonLine::begin(std::string_view name, std::size_t room) {
    const std::size_t needed = m_size + name.size() + room + 8;
    if (needed > m_out.size())
        m_out.resize(2 * needed);
    char* at = m_out.data() + m_size;
    if (!std::exchange(m_first, false))
        *at++ = ',';
    *at++ = '"';
    at = std::copy(name.begin(), name.end(), at);
    *at++ = '"';
    *at++ = ':';
    return at;
}

void JsonLine::raw(std::string_view name, std::string_view value) {
    char* const at = begin(name, value.size());
    m_size = static_cast<std::size_t>(std::copy(value.begin(), value.end(), at) - m_out.data());
}

void JsonLine::member(std::string_view name, std::string_view text) {
    constexpr std::string_view hex = "0123456789abcdef";
    char* to = begin(name, 6 * text.size() + 2); // as if all of it were control characters
    *to++ = '"';
    const char* at = text.data();
    const char* const end = at + text.size();
    while (true) {
        const char* const special = skipPlain(at, end);
        to = std::copy(at, special, to);
        if (special == end)
            break;
        const auto code = static_cast<unsigned char>(*special);
        *to++ = '\\';
        if (code >= 0x20) {
            *to++ = *special;
        } else if (code == '\n') {
            *to++ = 'n';
        } else {
            const char escape[] = {'u', '0', '0', hex[code >> 4], hex[code & 15]};
            to = std::copy(escape, escape + sizeof escape, to);
        }
        at = special + 1;
    }
    *to++ = '"';
    m_size = static_cast<std::size_t>(to - m_out.data());
}

void JsonLine::member(std::string_view name, std::int64_t number) {
    char digits[24];
    raw(name, std::string_view(digits, static_cast<std::size_t>(std::to_chars(digits, digits + sizeof digits, number).ptr - digits)));
}

void JsonLine::member(std::string_view name, double number) {
    raw(name, json::serialize(json::value(number)));
}

void JsonLine::end() {
    m_out.resize(m_size);
    m_out += '}';
}

} // namespace clawloops
