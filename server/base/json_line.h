// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>

namespace clawloops {

// Writes one flat JSON object straight into a text, where a tree of values would cost an allocation a member: log lines and usage
// events are written thousands of times a second. Names are plain text; values are escaped.
class JsonLine {
public:
    explicit JsonLine(std::string& out); // behind what it holds already

    void member(std::string_view name, std::string_view text);
    void member(std::string_view name, const std::string& text) { member(name, std::string_view(text)); }
    void member(std::string_view name, const char* text) { member(name, std::string_view(text)); }
    void member(std::string_view name, double number);
    template <std::same_as<bool> Flag> void member(std::string_view name, Flag flag) { raw(name, flag ? "true" : "false"); }
    void member(std::string_view name, std::int64_t number);
    void end(); // only then is it there

private:
    // Writes the comma and the name, and gives a place with room for so many bytes of value.
    char* begin(std::string_view name, std::size_t room);
    void raw(std::string_view name, std::string_view value);

    std::string& m_out;
    std::size_t m_size; // of m_out that is written; the rest of it is room
    bool m_first = true;
};

} // namespace clawloops
