// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/row.h"

#include <cassert>
#include <charconv>
#include <cstdio>

namespace clawloops::store {

Param::Param(double number) {
    char buffer[40];
    const auto end = std::to_chars(buffer, buffer + sizeof buffer, number);
    m_text = std::string(buffer, end.ptr);
}

std::int64_t Row::integer(std::size_t column) const {
    const auto& cell = m_cells.at(column);
    std::int64_t value = 0;
    if (cell) {
        [[maybe_unused]] const auto end = std::from_chars(cell->data(), cell->data() + cell->size(), value);
        assert(end.ec == std::errc() && end.ptr == cell->data() + cell->size());
    }
    return value;
}

double Row::number(std::size_t column) const {
    const auto& cell = m_cells.at(column);
    double value = 0;
    if (cell)
        std::from_chars(cell->data(), cell->data() + cell->size(), value);
    return value;
}

// "2026-11-22 17:20:12.345678+00": ISO date style, and UTC because the session says so.
WallTime Row::time(std::size_t column) const {
    const auto& cell = m_cells.at(column);
    if (!cell)
        return {};
    int year = 0;
    unsigned month = 0;
    unsigned day = 0;
    int hour = 0;
    int minute = 0;
    double second = 0;
    [[maybe_unused]] const int read =
        std::sscanf(cell->c_str(), "%d-%u-%u %d:%d:%lf+00", &year, &month, &day, &hour, &minute, &second);
    assert(read == 6);
    const std::chrono::sys_days date = std::chrono::year(year) / std::chrono::month(month) / std::chrono::day(day);
    const auto micros = static_cast<std::int64_t>(second * 1e6 + 0.5);
    return WallTime(date) + std::chrono::hours(hour) + std::chrono::minutes(minute) + std::chrono::microseconds(micros);
}

std::optional<std::int64_t> Row::optionalInteger(std::size_t column) const {
    return isNull(column) ? std::nullopt : std::optional(integer(column));
}

std::optional<WallTime> Row::optionalTime(std::size_t column) const {
    return isNull(column) ? std::nullopt : std::optional(time(column));
}

} // namespace clawloops::store
