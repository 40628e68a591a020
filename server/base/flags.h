// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"

#include <charconv>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace clawloops {

// The flags of a daemon (internals.md): "--name value", each at most once, out of those known. The first problem sticks; values
// read after it are defaults. Every daemon knows --log-level.
class Flags {
public:
    struct Address {
        std::string host;
        std::uint16_t port = 0;
    };

    Flags(int count, char** arguments, std::vector<std::string_view> known);

    [[nodiscard]] bool has(std::string_view name) const { return m_values.contains(name); }
    [[nodiscard]] std::string text(std::string_view name); // must be there
    template <class Number> [[nodiscard]] Number number(std::string_view name) {
        const std::string value = text(name);
        Number result{};
        const auto [end, problem] = std::from_chars(value.data(), value.data() + value.size(), result);
        if (value.empty() || problem != std::errc() || end != value.data() + value.size())
            fail(std::string(name) + " must be a number.");
        return result;
    }
    [[nodiscard]] std::uint16_t port(std::string_view name) { return number<std::uint16_t>(name); }
    [[nodiscard]] Address address(std::string_view name); // 127.0.0.1:18444
    [[nodiscard]] bool debug(); // --log-level: info, when it is not there, or debug
    void fail(std::string sentence);

    [[nodiscard]] Status finish() const; // InvalidRequest: exit code 64

private:
    std::map<std::string, std::string, std::less<>> m_values;
    std::string m_problem;
};

} // namespace clawloops
