// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/refusal_reason.h"

#include <algorithm>

namespace clawloops::model {

json::object RefusalReason::numbersJson() const {
    json::object object;
    for (const RefusalNumber& number : numbers)
        std::visit([&](const auto& value) { object[number.name] = value; }, number.value);
    return object;
}

std::int64_t RefusalReason::retryAfterSeconds() const {
    return std::max<std::int64_t>(0, std::chrono::ceil<std::chrono::seconds>(retryAfter).count());
}

std::string spanText(std::chrono::milliseconds span) {
    const std::int64_t seconds = std::max<std::int64_t>(1, std::chrono::ceil<std::chrono::seconds>(span).count());
    const auto up = [seconds](std::int64_t unit) { return std::to_string((seconds + unit - 1) / unit); };
    if (seconds < 120)
        return up(1) + " s";
    if (seconds < 120 * 60)
        return up(60) + " min";
    if (seconds < 48 * 3600)
        return up(3600) + " h";
    return up(24 * 3600) + " days";
}

} // namespace clawloops::model
