// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/json.h"

#include <QString>
#include <vector>

namespace clawloops::gui {

// What was used in some days, by one of person, route, target, key and day: GET admin/usage.
struct UsageRow {
    QString key; // the person's id, the route's name …
    QString title; // for people
    qint64 requests = 0;
    qint64 failed = 0;
    qint64 promptTokens = 0; // with the cached ones
    qint64 cachedTokens = 0;
    qint64 completionTokens = 0; // with the ones of reasoning
    qint64 reasoningTokens = 0;
    qint64 costNanos = 0;
    qint64 estimated = 0; // requests whose tokens nobody reported

    void add(const UsageRow& other);
    [[nodiscard]] bool sameFigures(const UsageRow& other) const;
};

struct UsageReport {
    QString by;
    std::vector<UsageRow> items;
    UsageRow total; // as the server says it

    [[nodiscard]] static Result<UsageReport> read(const json::object& answer);
    [[nodiscard]] UsageRow sum() const; // of the items
    [[nodiscard]] bool addsUp() const { return sum().sameFigures(total); }
};

} // namespace clawloops::gui
