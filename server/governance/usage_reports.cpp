// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "governance/usage_reports.h"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <optional>
#include <vector>

namespace clawloops::governance {

namespace {

constexpr int mostDays = 1100;
constexpr int mostRows = 100'000;

std::optional<std::chrono::sys_days> dayOf(std::string_view text) {
    if (text.size() != 10 || text[4] != '-' || text[7] != '-')
        return std::nullopt;
    const auto number = [text](std::size_t from, std::size_t count) {
        int value = -1;
        const auto [end, problem] = std::from_chars(text.data() + from, text.data() + from + count, value);
        return problem == std::errc() && end == text.data() + from + count ? value : -1;
    };
    const int year = number(0, 4);
    const int month = number(5, 2);
    const int day = number(8, 2);
    if (year < 1970 || month < 1 || day < 1)
        return std::nullopt;
    const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(static_cast<unsigned>(month)),
                                           std::chrono::day(static_cast<unsigned>(day))};
    return date.ok() ? std::optional(std::chrono::sys_days(date)) : std::nullopt;
}

Status checkDays(const std::string& from, const std::string& to) {
    const auto first = dayOf(from);
    const auto last = dayOf(to);
    if (!first || !last)
        return Error{ErrorCode::InvalidRequest, "Days are written like 2026-11-26.", {}};
    if (*last < *first)
        return Error{ErrorCode::InvalidRequest, "The last day is before the first. Turn them round.", {}};
    if ((*last - *first).count() >= mostDays)
        return Error{ErrorCode::InvalidRequest, "That is more than 1,100 days. Ask for fewer.", {}};
    return {};
}

// The columns of a wire::UsageRow after key and title.
constexpr std::string_view sums = "coalesce(sum(requests), 0)::bigint, coalesce(sum(failed), 0)::bigint, coalesce(sum(prompt_tokens), 0)::bigint,"
                                  " coalesce(sum(cached_tokens), 0)::bigint, coalesce(sum(completion_tokens), 0)::bigint,"
                                  " coalesce(sum(reasoning_tokens), 0)::bigint, coalesce(sum(cost_nanos), 0)::bigint,"
                                  " coalesce(sum(estimated), 0)::bigint ";

wire::UsageRow rowOf(const store::Row& row) {
    return {row.text(0),    row.text(1),    row.integer(2), row.integer(3), row.integer(4),
            row.integer(5), row.integer(6), row.integer(7), row.integer(8), row.integer(9)};
}

wire::UsageLine lineOf(const wire::UsageRow& row) {
    return {row.key, row.title, row.requests, row.failed, row.promptTokens, row.completionTokens};
}

struct Line {
    std::string_view by;
    std::string_view dimension; // of usage_sums
    std::string_view sumKey; // there
    std::string_view dayKey; // in usage_days
    std::string_view title; // of `line.key`
};
constexpr Line lines[] = {
    {"person", "user", "key", "user_id", "coalesce((SELECT username FROM users WHERE id = line.key), line.key)"},
    {"route", "route", "key", "route", "coalesce((SELECT title FROM routes WHERE name = line.key), line.key)"},
    {"target", "target", "key", "route || ' ' || target",
     "split_part(line.key, ' ', 1) || ': ' || substr(line.key, length(split_part(line.key, ' ', 1)) + 2)"},
    {"key", "key", "key", "key_id", "CASE line.key WHEN '' THEN 'Workspaces' ELSE coalesce((SELECT k.name || ' (' || u.username || ')' FROM personal_keys k"
     " JOIN users u ON u.id = k.user_id WHERE k.id = line.key), line.key) END"},
    {"day", "all", "day::text", "day::text", "line.key"},
};

std::string grouped(std::string_view key, std::string_view from) {
    return "SELECT " + std::string(key) + " AS key, " + std::string(sums) + "FROM " + std::string(from) + " GROUP BY 1";
}

Result<std::vector<wire::UsageRow>> rowsOf(store::Transaction& tx, const Line& line, std::string_view from, bool ofDays,
                                           const std::vector<store::Param>& params) {
    const std::string sql = "SELECT line.key, " + std::string(line.title) + ", line.requests, line.failed, line.prompt, line.cached,"
                            " line.completion, line.reasoning, line.cost, line.estimated FROM (" +
                            grouped(ofDays ? line.dayKey : line.sumKey, from) +
                            ") AS line (key, requests, failed, prompt, cached, completion, reasoning, cost, estimated) ORDER BY " +
                            (line.by == "day" ? "line.key" : "line.cost DESC, line.prompt + line.completion DESC, line.requests DESC, line.key");
    auto rows = tx.query(sql, params);
    if (!rows)
        return rows.error();
    std::vector<wire::UsageRow> items;
    for (const store::Row& row : *rows)
        items.push_back(rowOf(row));
    return items;
}

} // namespace

bool isDay(std::string_view text) { return dayOf(text).has_value(); }

Result<wire::UsageReport> usageReport(store::Transaction& tx, const UsageQuestion& question) {
    if (const Status fine = checkDays(question.from, question.to); !fine)
        return fine.error();
    const auto line = std::find_if(std::begin(lines), std::end(lines), [&](const Line& each) { return each.by == question.by; });
    if (line == std::end(lines))
        return Error{ErrorCode::InvalidRequest, "\"by\" must be person, route, target, key or day.", {}};
    wire::UsageReport report;
    report.from = question.from;
    report.to = question.to;
    report.by = question.by;
    const bool ofDays = !question.userId.empty() || !question.modelId.empty();
    std::vector<store::Param> params{question.from, question.to};
    const std::string ofSums = "usage_sums WHERE day BETWEEN $1::date AND $2::date AND dimension = ";
    const std::string ofEach = "usage_days WHERE day BETWEEN $1::date AND $2::date AND ($3 = '' OR user_id = $3) AND ($4 = '' OR route = $4)";
    const std::string from = ofDays ? ofEach : ofSums + "'" + std::string(line->dimension) + "'";
    const std::string whole = ofDays ? ofEach : ofSums + "'all'";
    if (ofDays) {
        params.emplace_back(question.userId);
        params.emplace_back(question.modelId);
    }
    auto items = rowsOf(tx, *line, from, ofDays, params);
    if (!items)
        return items.error();
    report.items = std::move(*items);
    auto total = tx.query("SELECT '', 'All', " + std::string(sums) + "FROM " + whole, params);
    if (!total)
        return total.error();
    report.total = rowOf(total->front());
    return report;
}

Result<std::vector<wire::UsageRow>> routeTotalsOf(store::Transaction& tx) {
    return rowsOf(tx, lines[1], "usage_sums WHERE dimension = 'route'", false, {});
}

Result<std::string> usageCsv(store::Transaction& tx, const std::string& from, const std::string& to) {
    if (const Status fine = checkDays(from, to); !fine)
        return fine.error();
    // A cell that begins like a formula is none to a spreadsheet when an apostrophe leads it; quotes hold the rest together.
    auto rows = tx.query(R"(
        SELECT day || ',' || csv_cell(coalesce(username, user_id)) || ',' || csv_cell(route) || ',' || csv_cell(target) || ',' || requests || ',' || failed || ',' ||
               estimated || ',' || prompt || ',' || cached || ',' || completion || ',' || reasoning || ',' || (cost / 1000000000.0)::numeric(30, 9)
        FROM (SELECT day, user_id, route, target, sum(requests)::bigint AS requests, sum(failed)::bigint AS failed, sum(estimated)::bigint AS estimated,
                     sum(prompt_tokens)::bigint AS prompt, sum(cached_tokens)::bigint AS cached, sum(completion_tokens)::bigint AS completion,
                     sum(reasoning_tokens)::bigint AS reasoning, sum(cost_nanos) AS cost
              FROM usage_days WHERE day BETWEEN $1::date AND $2::date GROUP BY 1, 2, 3, 4) AS line
        LEFT JOIN users ON users.id = line.user_id
        ORDER BY day, coalesce(username, user_id), route, target LIMIT )" + std::to_string(mostRows + 1),
                         {from, to});
    if (!rows)
        return rows.error();
    if (rows->size() > mostRows)
        return Error{ErrorCode::InvalidRequest, "These days have more than 100,000 rows. Ask for fewer days.", {}};
    std::string csv = "day,person,route,target,requests,failed,estimated,prompt_tokens,cached_tokens,completion_tokens,reasoning_tokens,cost_usd\r\n";
    for (const store::Row& row : *rows)
        csv += row.text(0) + "\r\n";
    return csv;
}

Result<wire::UsageSummary> usageSummary(store::Transaction& tx, WallTime now, const std::string& ownerUserId) {
    const std::chrono::year_month_day today(std::chrono::floor<std::chrono::days>(now));
    const WallTime first = std::chrono::sys_days(today.year() / today.month() / 1);
    wire::UsageSummary summary;
    summary.from = toRfc3339(first);
    summary.to = toRfc3339(now);
    UsageQuestion question{summary.from.substr(0, 10), summary.to.substr(0, 10), "route", ownerUserId, {}};
    auto byRoute = usageReport(tx, question);
    if (!byRoute)
        return byRoute.error();
    const auto byRequests = [](const wire::UsageRow& a, const wire::UsageRow& b) { return a.requests > b.requests; };
    std::stable_sort(byRoute->items.begin(), byRoute->items.end(), byRequests);
    summary.total = lineOf(byRoute->total);
    for (const wire::UsageRow& row : byRoute->items)
        summary.byRoute.push_back(lineOf(row));
    if (!ownerUserId.empty())
        return summary;
    question.by = "person";
    auto byUser = usageReport(tx, question);
    if (!byUser)
        return byUser.error();
    std::stable_sort(byUser->items.begin(), byUser->items.end(), byRequests);
    for (const wire::UsageRow& row : byUser->items)
        summary.byUser.push_back(lineOf(row));
    return summary;
}

} // namespace clawloops::governance
