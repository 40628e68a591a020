// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/usage_report.h"

#include "models/state_view.h"
#include "wire/usage_types.h"

namespace clawloops::gui {

namespace {

UsageRow fromWireRow(const wire::UsageRow& from) {
    UsageRow row;
    row.key = fromWire(from.key);
    row.title = fromWire(from.title.empty() ? from.key : from.title);
    row.requests = from.requests;
    row.failed = from.failed;
    row.promptTokens = from.promptTokens;
    row.cachedTokens = from.cachedTokens;
    row.completionTokens = from.completionTokens;
    row.reasoningTokens = from.reasoningTokens;
    row.costNanos = from.costNanos;
    row.estimated = from.estimated;
    return row;
}

} // namespace

void UsageRow::add(const UsageRow& other) {
    requests += other.requests;
    failed += other.failed;
    promptTokens += other.promptTokens;
    cachedTokens += other.cachedTokens;
    completionTokens += other.completionTokens;
    reasoningTokens += other.reasoningTokens;
    costNanos += other.costNanos;
    estimated += other.estimated;
}

bool UsageRow::sameFigures(const UsageRow& other) const {
    return requests == other.requests && failed == other.failed && promptTokens == other.promptTokens && cachedTokens == other.cachedTokens &&
           completionTokens == other.completionTokens && reasoningTokens == other.reasoningTokens && costNanos == other.costNanos &&
           estimated == other.estimated;
}

Result<UsageReport> UsageReport::read(const json::object& answer) {
    auto from = wire::fromJson<wire::UsageReport>(answer);
    if (!from)
        return from.error();
    UsageReport report;
    report.by = fromWire(from->by);
    report.total = fromWireRow(from->total);
    for (const wire::UsageRow& one : from->items) {
        UsageRow row = fromWireRow(one);
        if (row.title.isEmpty() && report.by == QLatin1String("key"))
            row.title = QStringLiteral("from workspaces, without a key");
        report.items.push_back(std::move(row));
    }
    return report;
}

UsageRow UsageReport::sum() const {
    UsageRow sum;
    for (const UsageRow& one : items)
        sum.add(one);
    return sum;
}

} // namespace clawloops::gui
