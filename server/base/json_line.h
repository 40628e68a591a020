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
    explicit JsonLine(std::string& out) : m_out(out) { m_out += '{'; }

    void member(std::string_view name, std::string_view text);
    void member(std::string_view name, const std::string& text) { member(name, std::string_view(text)); }
    void member(std::string_view name, const char* text) { member(name, std::string_view(text)); }
    void member(std::string_view name, double number);
    template <std::same_as<bool> Flag> void member(std::string_view name, Flag flag) {
        begin(name);
        m_out += flag ? "true" : "false";
    }
    void member(std::string_view name, std::int64_t number);
    void end() { m_out += '}'; }

private:
    void begin(std::string_view name);

    std::string& m_out;
    bool m_first = true;
};

} // namespace clawloops
