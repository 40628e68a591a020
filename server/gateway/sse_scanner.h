// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/text_scan.h"

#include <string>
#include <string_view>

namespace clawloops::gateway {

// Splits a text/event-stream that comes in pieces into the data of its events, by the rules of the HTML standard (LF, CR and
// CRLF; several data lines are joined by LF; comments and other fields are skipped). Keeps nothing but the field's name.
// Sink: void data(std::string_view piece); void eventEnd() for each event that had data.
template <class Sink> class SseScanner {
public:
    explicit SseScanner(Sink& sink) : m_sink(sink) {}

    void push(std::string_view bytes) {
        while (!bytes.empty()) {
            if (m_afterCr && bytes.front() == '\n') { // the second half of CRLF
                m_afterCr = false;
                bytes.remove_prefix(1);
                continue;
            }
            m_afterCr = false;
            const auto end = static_cast<std::size_t>(skipLine(bytes.data(), bytes.data() + bytes.size()) - bytes.data());
            const std::string_view part = bytes.substr(0, end);
            if (!part.empty())
                takeLinePart(part);
            if (end == bytes.size())
                return;
            m_afterCr = bytes[end] == '\r';
            bytes.remove_prefix(end + 1);
            endLine();
        }
    }
    [[nodiscard]] bool betweenEvents() const { return m_place == Place::Start && !m_hadData; }

private:
    enum class Place { Start, Name, ValueStart, Data, Skipped };

    void takeLinePart(std::string_view part) {
        if (m_place == Place::Start) {
            m_place = Place::Name;
            m_name.clear();
        }
        if (m_place == Place::Name) {
            const std::size_t colon = part.find(':');
            m_name.append(part.substr(0, colon).substr(0, 8)); // longer than any name that matters
            if (colon == std::string_view::npos)
                return;
            m_place = m_name == "data" ? Place::ValueStart : Place::Skipped;
            part.remove_prefix(colon + 1);
        }
        if (m_place == Place::ValueStart && !part.empty()) {
            if (part.front() == ' ')
                part.remove_prefix(1);
            beginData();
        }
        if (m_place == Place::Data && !part.empty())
            m_sink.data(part);
    }
    void beginData() {
        if (m_hadData)
            m_sink.data("\n");
        m_hadData = true;
        m_place = Place::Data;
    }
    void endLine() {
        if (m_place == Place::Start) { // an empty line
            if (m_hadData)
                m_sink.eventEnd();
            m_hadData = false;
        } else if (m_place == Place::ValueStart || (m_place == Place::Name && m_name == "data")) {
            beginData(); // "data:" or "data" alone: an empty line of data
        }
        m_place = Place::Start;
    }

    Sink& m_sink;
    std::string m_name;
    Place m_place = Place::Start;
    bool m_hadData = false;
    bool m_afterCr = false;
};

} // namespace clawloops::gateway
