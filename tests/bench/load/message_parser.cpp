// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "message_parser.h"

#include <charconv>
#include <cstdlib>
#include <strings.h>

namespace clawloops::bench {

namespace {

std::string_view fieldOf(std::string_view head, std::string_view name) {
    for (std::size_t at = head.find("\r\n"); at != std::string_view::npos; at = head.find("\r\n", at + 2)) {
        const std::string_view line = head.substr(at + 2);
        if (line.size() <= name.size() || line[name.size()] != ':' || ::strncasecmp(line.data(), name.data(), name.size()) != 0)
            continue;
        const std::string_view value = line.substr(name.size() + 1, line.find("\r\n") - name.size() - 1);
        return value.substr(std::min(value.find_first_not_of(' '), value.size()));
    }
    return {};
}

} // namespace

void MessageParser::reset() {
    m_place = Place::Head;
    m_head.clear();
    m_line.clear();
    m_left = 0;
    m_status = 0;
}

void MessageParser::endHead() {
    if (m_head.starts_with("HTTP/1.1 "))
        m_status = std::atoi(m_head.c_str() + 9);
    const std::string_view length = fieldOf(m_head, "content-length");
    if (std::from_chars(length.data(), length.data() + length.size(), m_left).ec == std::errc())
        m_place = m_left > 0 ? Place::Length : Place::Whole;
    else if (fieldOf(m_head, "transfer-encoding") == "chunked")
        m_place = Place::ChunkSize;
    else
        m_place = m_status == 0 ? Place::Whole : Place::Wrong; // a request without a body, or an answer that only its end ends
}

void MessageParser::endLine() {
    if (m_place == Place::ChunkSize) {
        const auto read = std::from_chars(m_line.data(), m_line.data() + m_line.size(), m_left, 16);
        if (read.ec != std::errc())
            m_place = Place::Wrong;
        else
            m_place = m_left > 0 ? Place::Chunk : Place::Trailer;
    } else if (m_place == Place::ChunkEnd) {
        m_place = Place::ChunkSize;
    } else if (m_line.empty()) {
        m_place = Place::Whole;
    }
    m_line.clear();
}

} // namespace clawloops::bench
