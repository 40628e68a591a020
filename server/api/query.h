// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"

#include <map>
#include <string>
#include <string_view>

namespace clawloops::api {

// Reads the query of an address ("from=2026-11-01&by=day"), with the same strictness as ObjectReader a body: what is given twice, too
// long, or asked for by nobody is refused by name. The first error sticks.
class QueryReader {
public:
    static constexpr std::size_t longest = 200; // bytes of one value
    explicit QueryReader(const std::string& query);
    [[nodiscard]] std::string textOr(std::string_view name, std::string_view fallback);
    [[nodiscard]] Status finish(); // also refuses what was not read

private:
    void fail(std::string message);
    std::map<std::string, std::string, std::less<>> m_values; // not read yet
    std::string m_problem;
};

} // namespace clawloops::api
