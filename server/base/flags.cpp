// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/flags.h"

#include <algorithm>

namespace clawloops {

Flags::Flags(int count, char** arguments, std::vector<std::string_view> known) {
    known.push_back("--log-level");
    for (int i = 1; i < count; i += 2) {
        const std::string name = arguments[i];
        if (std::find(known.begin(), known.end(), name) == known.end())
            fail("The flag \"" + name + "\" is unknown; internals.md lists the flags.");
        else if (i + 1 >= count)
            fail("The flag " + name + " lacks its value.");
        else if (!m_values.emplace(name, arguments[i + 1]).second)
            fail("The flag " + name + " is given twice.");
    }
}

std::string Flags::text(std::string_view name) {
    const auto found = m_values.find(name);
    if (found != m_values.end())
        return found->second;
    fail("The flag " + std::string(name) + " is missing.");
    return {};
}

Flags::Address Flags::address(std::string_view name) {
    const std::string value = text(name);
    const std::size_t colon = value.rfind(':');
    Address address;
    bool right = colon != std::string::npos;
    if (right) {
        const char* end = value.data() + value.size();
        const auto [stop, problem] = std::from_chars(value.data() + colon + 1, end, address.port);
        right = problem == std::errc() && stop == end;
    }
    if (!right)
        fail(std::string(name) + " must be ADDRESS:PORT, like 127.0.0.1:18444.");
    address.host = value.substr(0, colon);
    return address;
}

bool Flags::debug() {
    const std::string level = has("--log-level") ? text("--log-level") : "info";
    if (level != "info" && level != "debug")
        fail("--log-level must be info or debug.");
    return level == "debug";
}

void Flags::fail(std::string sentence) {
    if (m_problem.empty())
        m_problem = std::move(sentence);
}

Status Flags::finish() const {
    return m_problem.empty() ? Status() : Status(Error{ErrorCode::InvalidRequest, m_problem, {}});
}

} // namespace clawloops
