// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "governance/usage_keeper.h"

#include "base/log.h"
#include "governance/usage_reports.h"
#include "governance/usage_store.h"

namespace clawloops::governance {

namespace {

constexpr Log logger("governance");
constexpr std::string_view setting = "usage_keep_months";
constexpr std::int64_t longest = 120;
constexpr std::chrono::hours turnEvery{1};

Result<wire::UsageKeeping> load(store::Transaction& tx) {
    auto rows = tx.query("SELECT value::text::bigint FROM settings WHERE key = $1", {setting});
    if (!rows)
        return rows.error();
    return rows->empty() ? wire::UsageKeeping{} : wire::UsageKeeping{rows->front().integer(0)};
}

} // namespace

UsageKeeper::UsageKeeper(ServiceParts parts, QObject* parent) : QObject(parent), m_parts(parts) {
    connect(&m_timer, &QTimer::timeout, this, &UsageKeeper::turn);
}

void UsageKeeper::start() {
    m_timer.start(turnEvery);
    turn();
}

void UsageKeeper::turn() {
    m_parts.database.run(
        [now = m_parts.clock.now()](store::Transaction& tx) -> Status {
            const auto keeping = load(tx);
            return keeping ? turnMonths(tx, now, keeping->months) : Status(keeping.error());
        },
        this, [this](const Status& done) {
            Q_EMIT turned();
            if (!done)
                logger.warning("the months of usage were not turned over", {}, {{"reason", done.error().message}, {"detail", done.error().detail}});
        });
}

void UsageKeeper::keeping(QObject* guard, Done<wire::UsageKeeping> done) { m_parts.database.run(load, guard, std::move(done)); }

void UsageKeeper::keep(std::int64_t months, const store::Actor& actor, QObject* guard, Done<wire::UsageKeeping> done) {
    m_parts.database.run(
        [months, actor, now = m_parts.clock.now()](store::Transaction& tx) -> Result<wire::UsageKeeping> {
            if (months < 1 || months > longest)
                return Error{ErrorCode::InvalidRequest, "Usage events are kept for 1 to 120 months.", {}};
            Status written = tx.exec("INSERT INTO settings (key, value) VALUES ($1, to_jsonb($2::bigint))"
                                     " ON CONFLICT (key) DO UPDATE SET value = excluded.value, updated_at = now()",
                                     {setting, months});
            if (written)
                written = store::appendAudit(tx, actor, "usage.keeping", "usage", {{"months", months}});
            if (written)
                written = turnMonths(tx, now, months);
            if (!written)
                return written.error();
            return wire::UsageKeeping{months};
        },
        guard, std::move(done));
}

void UsageKeeper::report(const UsageQuestion& question, QObject* guard, Done<wire::UsageReport> done) {
    m_parts.database.run([question](store::Transaction& tx) { return usageReport(tx, question); }, guard, std::move(done));
}

void UsageKeeper::routeTotals(QObject* guard, Done<std::vector<wire::UsageRow>> done) { m_parts.database.run(routeTotalsOf, guard, std::move(done)); }

void UsageKeeper::csv(const std::string& from, const std::string& to, QObject* guard, Done<std::string> done) {
    m_parts.database.run([from, to](store::Transaction& tx) { return usageCsv(tx, from, to); }, guard, std::move(done));
}

} // namespace clawloops::governance
