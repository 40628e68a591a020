// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/clock.h"

#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace clawloops::store {

// One value bound to $1, $2 … of a statement: SQL text form, or NULL. Never spliced into the statement.
class Param {
public:
    Param(std::nullopt_t) {}
    Param(std::string text) : m_text(std::move(text)) {}
    Param(std::string_view text) : m_text(std::string(text)) {}
    Param(const char* text) : m_text(std::string(text)) {}
    Param(bool flag) : m_text(flag ? "true" : "false") {}
    Param(double number);
    Param(WallTime time) : m_text(toRfc3339(time)) {}
    template <std::integral T>
        requires(!std::same_as<T, bool>)
    Param(T number) : m_text(std::to_string(number)) {}
    template <class T> Param(const std::optional<T>& value) {
        if (value)
            *this = Param(*value);
    }
    [[nodiscard]] const std::optional<std::string>& text() const { return m_text; }

private:
    std::optional<std::string> m_text;
};

// One row of an answer. Columns count from 0 as in the SELECT list; asking past the end or for a value of another shape
// asserts: the statement and its reader stand side by side. A NULL reads as the empty text, 0, false or the epoch; where that
// matters ask isNull() or use the optional readers.
class Row {
public:
    explicit Row(std::vector<std::optional<std::string>> cells) : m_cells(std::move(cells)) {}
    [[nodiscard]] bool isNull(std::size_t column) const { return !m_cells.at(column).has_value(); }
    [[nodiscard]] std::string text(std::size_t column) const { return m_cells.at(column).value_or(std::string()); }
    [[nodiscard]] std::int64_t integer(std::size_t column) const;
    [[nodiscard]] double number(std::size_t column) const;
    [[nodiscard]] bool flag(std::size_t column) const { return text(column) == "t"; }
    [[nodiscard]] WallTime time(std::size_t column) const; // timestamptz; every connection speaks UTC
    [[nodiscard]] std::optional<std::string> optionalText(std::size_t column) const { return m_cells.at(column); }
    [[nodiscard]] std::optional<std::int64_t> optionalInteger(std::size_t column) const;
    [[nodiscard]] std::optional<WallTime> optionalTime(std::size_t column) const;

private:
    std::vector<std::optional<std::string>> m_cells;
};
using Rows = std::vector<Row>;

} // namespace clawloops::store
