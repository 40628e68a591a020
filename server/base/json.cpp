// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/json.h"

#include <algorithm>
#include <boost/json/src.hpp> // Debian ships Boost.JSON header-only in the development package: compiled here, once

namespace clawloops {

Result<json::object> parseObject(std::string_view text) {
    json::error_code problem;
    json::parse_options options;
    options.max_depth = 32;
    json::value value = json::parse(text, problem, {}, options);
    if (problem)
        return Error{ErrorCode::InvalidRequest, "The text is not valid JSON: " + problem.message() + ".", {}};
    if (!value.is_object())
        return Error{ErrorCode::InvalidRequest, "The JSON must be an object.", {}};
    return std::move(value.get_object());
}

const json::value* ObjectReader::find(std::string_view name, bool required) {
    m_seen.emplace_back(name);
    const json::value* value = m_object.if_contains(name);
    if (!value && required)
        fail("The " + m_what + " lacks \"" + std::string(name) + "\".");
    return value;
}

void ObjectReader::fail(std::string message) {
    if (m_error.empty())
        m_error = std::move(message);
}

void ObjectReader::wrongType(std::string_view name, std::string_view wanted) {
    fail("\"" + std::string(name) + "\" in the " + m_what + " must be " + std::string(wanted) + ".");
}

std::string ObjectReader::text(std::string_view name) {
    const json::value* value = find(name, true);
    if (value && !value->is_string())
        wrongType(name, "a text");
    return value && value->is_string() ? std::string(value->get_string()) : std::string();
}

std::string ObjectReader::textOr(std::string_view name, std::string_view fallback) {
    return has(name) ? text(name) : (allow(name), std::string(fallback));
}

std::int64_t ObjectReader::integer(std::string_view name) {
    const json::value* value = find(name, true);
    if (!value)
        return 0;
    if (value->is_int64())
        return value->get_int64();
    wrongType(name, "a whole number");
    return 0;
}

std::int64_t ObjectReader::integerOr(std::string_view name, std::int64_t fallback) {
    return has(name) ? integer(name) : (allow(name), fallback);
}

double ObjectReader::numberOr(std::string_view name, double fallback) {
    const json::value* value = find(name, false);
    if (!value)
        return fallback;
    if (value->is_number())
        return value->to_number<double>();
    wrongType(name, "a number");
    return fallback;
}

bool ObjectReader::flag(std::string_view name) {
    const json::value* value = find(name, true);
    if (value && !value->is_bool())
        wrongType(name, "true or false");
    return value && value->is_bool() && value->get_bool();
}

bool ObjectReader::flagOr(std::string_view name, bool fallback) {
    return has(name) ? flag(name) : (allow(name), fallback);
}

const json::array& ObjectReader::array(std::string_view name) {
    static const json::array empty;
    const json::value* value = find(name, true);
    if (value && value->is_array())
        return value->get_array();
    if (value)
        wrongType(name, "a list");
    return empty;
}

const json::object& ObjectReader::object(std::string_view name) {
    static const json::object empty;
    const json::value* value = find(name, true);
    if (value && value->is_object())
        return value->get_object();
    if (value)
        wrongType(name, "an object");
    return empty;
}

Status ObjectReader::finish() {
    if (m_error.empty())
        for (const auto& member : m_object)
            if (std::find(m_seen.begin(), m_seen.end(), member.key()) == m_seen.end()) {
                fail("The " + m_what + " has an unknown member \"" + std::string(member.key()) + "\".");
                break;
            }
    if (!m_error.empty())
        return Error{ErrorCode::InvalidRequest, m_error, {}};
    return {};
}

} // namespace clawloops
