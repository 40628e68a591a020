// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace clawloops::bench {

// The end of one HTTP/1.1 message, request or answer, and its body on the way: Content-Length or chunked, no more. The other side is
// ours or one of the measured programs, so that what is malformed is merely counted. One thread.
class MessageParser {
public:
    enum class State { More, Whole, Wrong };

    void reset();
    // Takes what belongs to this message off `bytes`; `body(std::string_view)` gets the body's pieces.
    template <class Body> State push(std::string_view& bytes, Body body);
    [[nodiscard]] int status() const { return m_status; } // of an answer, once its head is whole
    [[nodiscard]] std::string_view head() const { return m_head; }

private:
    enum class Place { Head, Length, ChunkSize, Chunk, ChunkEnd, Trailer, Whole, Wrong };
    void endHead();
    void endLine();

    Place m_place = Place::Head;
    std::string m_head;
    std::string m_line;
    std::uint64_t m_left = 0;
    int m_status = 0;
};

template <class Body> MessageParser::State MessageParser::push(std::string_view& bytes, Body body) {
    while (m_place != Place::Whole && m_place != Place::Wrong && !bytes.empty()) {
        if (m_place == Place::Head) {
            const std::size_t before = m_head.size();
            const std::size_t from = before < 3 ? 0 : before - 3;
            m_head += bytes.substr(0, 16'384);
            const std::size_t end = m_head.find("\r\n\r\n", from);
            if (end == std::string::npos) {
                bytes.remove_prefix(m_head.size() - before);
                continue;
            }
            bytes.remove_prefix(end + 4 - before);
            m_head.resize(end + 4);
            endHead();
        } else if (m_place == Place::Length || m_place == Place::Chunk) {
            const std::string_view piece = bytes.substr(0, m_left);
            body(piece);
            bytes.remove_prefix(piece.size());
            m_left -= piece.size();
            if (m_left == 0)
                m_place = m_place == Place::Length ? Place::Whole : Place::ChunkEnd;
        } else {
            const char c = bytes.front();
            bytes.remove_prefix(1);
            if (c == '\n')
                endLine();
            else if (c != '\r')
                m_line += c;
        }
    }
    return m_place == Place::Whole ? State::Whole : m_place == Place::Wrong ? State::Wrong : State::More;
}

} // namespace clawloops::bench
