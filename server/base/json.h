// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"

#include <boost/json.hpp>
#include <cstdint>
#include <string>
#include <string_view>

namespace clawloops {

namespace json = boost::json;

// Parses one JSON object strictly (no comments, no trailing text, ≤ 32 levels deep). The error names the place.
[[nodiscard]] Result<json::object> parseObject(std::string_view text);

// Reads the members of an object that came from outside, naming what is wrong: a missing member, a wrong type, and with
// finish() a member nobody asked for. The first error sticks; values read after it are defaults.
class ObjectReader {
public:
    explicit ObjectReader(const json::object& object, std::string_view what = "request") : m_object(object), m_what(what) {}

    [[nodiscard]] std::string text(std::string_view name); // required
    [[nodiscard]] std::string textOr(std::string_view name, std::string_view fallback);
    [[nodiscard]] std::int64_t integer(std::string_view name);
    [[nodiscard]] std::int64_t integerOr(std::string_view name, std::int64_t fallback);
    [[nodiscard]] double numberOr(std::string_view name, double fallback);
    [[nodiscard]] bool flag(std::string_view name);
    [[nodiscard]] bool flagOr(std::string_view name, bool fallback);
    [[nodiscard]] const json::array& array(std::string_view name); // required; an empty one after an error
    [[nodiscard]] const json::object& object(std::string_view name); // required; an empty one after an error
    [[nodiscard]] bool has(std::string_view name) const { return m_object.contains(name); }
    void allow(std::string_view name) { m_seen.emplace_back(name); }
    void fail(std::string message);

    [[nodiscard]] Status finish(); // also refuses members that were not read
    [[nodiscard]] bool failed() const { return !m_error.empty(); }

private:
    const json::value* find(std::string_view name, bool required);
    void wrongType(std::string_view name, std::string_view wanted);

    const json::object& m_object;
    std::string m_what;
    std::string m_error;
    std::vector<std::string> m_seen;
};

} // namespace clawloops
