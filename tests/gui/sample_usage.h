// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sample_data.h"

#include <cstdio>
#include <string>
#include <vector>

namespace clawloops::sample {

struct Used {
    std::string key, title;
    std::int64_t requests, failed, in, cached, out, nanos, estimated = 0;
};

[[nodiscard]] inline json::object usageLine(const Used& one) {
    return {{"key", one.key},          {"title", one.title},    {"requests", one.requests}, {"failed", one.failed},   {"promptTokens", one.in},
            {"cachedTokens", one.cached}, {"completionTokens", one.out}, {"reasoningTokens", one.out / 10}, {"costNanos", one.nanos}, {"estimated", one.estimated}};
}

// An answer of GET admin/usage: its total is the sum.
[[nodiscard]] inline json::object usageReport(const std::string& by, const std::vector<Used>& all) {
    Used total{"", "", 0, 0, 0, 0, 0, 0, 0};
    json::array items;
    std::int64_t reasoning = 0;
    for (const Used& one : all) {
        items.emplace_back(usageLine(one));
        total.requests += one.requests;
        total.failed += one.failed;
        total.in += one.in;
        total.cached += one.cached;
        total.out += one.out;
        total.nanos += one.nanos;
        total.estimated += one.estimated;
        reasoning += one.out / 10;
    }
    json::object sum = usageLine(total);
    sum["reasoningTokens"] = reasoning;
    return {{"from", "2026-11-01"}, {"to", "2026-11-26"}, {"by", by}, {"items", std::move(items)}, {"total", std::move(sum)}};
}

[[nodiscard]] inline std::vector<Used> usageOfPeople() {
    return {{"usr_anna", "anna", 1204, 11, 4'118'902, 2'904'110, 311'870, 14'204'118'000, 3}, {"usr_ben", "ben", 488, 0, 1'210'400, 610'000, 92'411, 3'120'000'000},
            {"usr_marta", "marta", 92, 2, 40'118, 0, 8'123, 4'118'000},                       {"usr_elif", "elif", 61, 0, 301'224, 120'000, 40'100, 0}};
}

[[nodiscard]] inline std::vector<Used> usageOfDays(int year, int month, int days) {
    std::vector<Used> all;
    for (int day = 1; day <= days; ++day)
        if (day % 7 != 1) { // nobody works on these: the server has no line for them
            char text[40];
            std::snprintf(text, sizeof text, "%04d-%02d-%02d", year, month, day);
            const std::int64_t tokens = 40'000 + (day * 7919) % 210'000;
            all.push_back({text, text, tokens / 1200, 0, tokens, tokens / 2, tokens / 9, tokens * 2100});
        }
    return all;
}

[[nodiscard]] inline json::object budget(const std::string& id, const std::string& name, const std::string& scope, const std::string& subject,
                                         const std::string& unit, const std::string& window, std::int64_t limit, std::int64_t spent, std::int64_t reserved = 0) {
    return {{"budgetId", id}, {"name", name}, {"scope", scope}, {"subject", subject}, {"unit", unit},         {"window", window}, {"limit", limit},
            {"raisedOn", ""}, {"raisedBy", 0}, {"spent", spent}, {"reserved", reserved}, {"resetsAt", minutesAgo(-60 * 24 * 4)}};
}

[[nodiscard]] inline json::object each(const std::string& id, const std::string& name, const std::string& unit, const std::string& window, std::int64_t limit,
                                       std::int64_t spent, const std::string& spender) {
    json::object one = budget(id, name, "person", "", unit, window, limit, spent);
    one["spender"] = spender;
    return one;
}

[[nodiscard]] inline json::object budgets() {
    return {{"items", json::array{budget("bud_team", "Team", "all", "", "money", "month", 50'000'000'000, 17'328'236'000, 410'000'000),
                                  budget("bud_anna", "Anna's day", "person", "usr_anna", "tokens", "day", 500'000, 438'100, 22'000),
                                  each("bud_each", "Each person", "money", "month", 20'000'000'000, 14'204'118'000, "anna"),
                                  budget("bud_big", "Big model", "route", "claude", "money", "week", 5'000'000'000, 5'000'000'000)}}};
}

} // namespace clawloops::sample
