// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/json_line.h"

#include "base/json.h"
#include "base/text_scan.h"

#include <charconv>
#include <utility>

namespace clawloops {

void JsonLine::begin(std::string_view name) {
    if (!std::exchange(m_first, false))
        m_out += ',';
    m_out += '"';
    m_out += name;
    m_out += "\":";
}

void JsonLine::member(std::string_view name, std::string_view text) {
    constexpr std::string_view hex = "0123456789abcdef";
    begin(name);
    m_out += '"';
    const char* at = text.data();
    const char* const end = at + text.size();
    while (true) {
        const char* const special = skipPlain(at, end);
        m_out.append(at, special);
        if (special == end)
            break;
        const auto code = static_cast<unsigned char>(*special);
        m_out += '\\';
        if (code >= 0x20)
            m_out += *special;
        else if (code == '\n')
            m_out += 'n';
        else
            m_out.append({'u', '0', '0', hex[code >> 4], hex[code & 15]});
        at = special + 1;
    }
    m_out += '"';
}

void JsonLine::member(std::string_view name, std::int64_t number) {
    begin(name);
    char digits[24];
    m_out.append(digits, std::to_chars(digits, digits + sizeof digits, number).ptr);
}

void JsonLine::member(std::string_view name, double number) {
    begin(name);
    m_out += json::serialize(json::value(number));
}

} // namespace clawloops
