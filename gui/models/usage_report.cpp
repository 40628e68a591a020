// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/usage_report.h"

namespace clawloops::gui {

namespace {

UsageRow readRow(ObjectReader& reader) {
    UsageRow row;
    row.key = QString::fromStdString(reader.textOr("key", ""));
    row.title = QString::fromStdString(reader.textOr("title", ""));
    row.requests = reader.integer("requests");
    row.failed = reader.integer("failed");
    row.promptTokens = reader.integer("promptTokens");
    row.cachedTokens = reader.integerOr("cachedTokens", 0);
    row.completionTokens = reader.integer("completionTokens");
    row.reasoningTokens = reader.integerOr("reasoningTokens", 0);
    row.costNanos = reader.integer("costNanos");
    row.estimated = reader.integerOr("estimated", 0);
    if (row.title.isEmpty())
        row.title = row.key;
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
    UsageReport report;
    ObjectReader reader(answer, "usage");
    report.by = QString::fromStdString(reader.text("by"));
    for (const json::value& value : reader.array("items")) {
        if (!value.is_object()) {
            reader.fail("\"items\" in the usage must hold objects only.");
            break;
        }
        ObjectReader item(value.get_object(), "usage");
        report.items.push_back(readRow(item));
        if (item.failed())
            return item.finish().error();
    }
    ObjectReader total(reader.object("total"), "total");
    if (reader.failed())
        return reader.finish().error();
    report.total = readRow(total);
    if (total.failed())
        return total.finish().error();
    return report;
}

UsageRow UsageReport::sum() const {
    UsageRow sum;
    for (const UsageRow& one : items)
        sum.add(one);
    return sum;
}

} // namespace clawloops::gui
