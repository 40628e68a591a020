// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "api/parts.h"
#include "api/query.h"
#include "api/router.h"
#include "governance/usage_reports.h"

// admin/usage…: who used which model how much, and what it cost.
namespace clawloops::api {

namespace {
struct Days {
    std::string from;
    std::string to;
};
// This month, where the address says nothing else.
Days daysOf(QueryReader& reader, WallTime now) {
    const std::string today = toRfc3339(now).substr(0, 10);
    return {reader.textOr("from", today.substr(0, 8) + "01"), reader.textOr("to", today)};
}
json::object write(const wire::UsageKeeping& keeping) { return wire::toJson(keeping); }
} // namespace

void addAdminUsage(Router& router, Parts& parts) {
    // ?from&to&by=person|route|target|key|day&userId&modelId → {from, to, by, items: [UsageRow], total}
    router.add({"GET", "/admin/usage", Access::Admin, Body::None, [&parts](CallPtr call) {
                    QueryReader reader(call->request.query);
                    const Days days = daysOf(reader, parts.clock.now());
                    const governance::UsageQuestion question{days.from, days.to, reader.textOr("by", "person"), reader.textOr("userId", ""),
                                                             reader.textOr("modelId", "")};
                    if (const Status read = reader.finish(); !read)
                        return call->fail(read.error());
                    parts.governance.usage.report(question, parts.guard, answering<wire::UsageReport>(call, 200, [](const wire::UsageReport& report) {
                                                      return wire::toJson(report);
                                                  }));
                }});

    // ?from&to → CSV, one row a day, person, route and target
    router.add({"GET", "/admin/usage.csv", Access::Admin, Body::None, [&parts](CallPtr call) {
                    QueryReader reader(call->request.query);
                    const Days days = daysOf(reader, parts.clock.now());
                    if (const Status read = reader.finish(); !read)
                        return call->fail(read.error());
                    parts.governance.usage.csv(days.from, days.to, parts.guard, [call, days](Result<std::string> csv) {
                        if (!csv)
                            return call->fail(csv.error());
                        call->answer({200,
                                      {{"Content-Type", "text/csv; charset=utf-8"},
                                       {"Content-Disposition", "attachment; filename=\"usage-" + days.from + "-" + days.to + ".csv\""},
                                       {"Cache-Control", "no-store"}},
                                      std::move(*csv)});
                    });
                }});

    // → {months}
    router.add({"GET", "/admin/usage/keeping", Access::Admin, Body::None,
                [&parts](CallPtr call) { parts.governance.usage.keeping(parts.guard, answering<wire::UsageKeeping>(call, 200, write)); }});
    // {months} → {months}
    router.add({"PUT", "/admin/usage/keeping", Access::Admin, Body::Required, [&parts](CallPtr call) {
                    ObjectReader reader(call->body);
                    const std::int64_t months = reader.integer("months");
                    if (const Status read = reader.finish(); !read)
                        return call->fail(read.error());
                    parts.governance.usage.keep(months, call->actor(), parts.guard, answering<wire::UsageKeeping>(call, 200, write));
                }});
}

} // namespace clawloops::api
