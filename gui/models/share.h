// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QMetaType>
#include <algorithm>

namespace clawloops::gui {

// Parts of a whole that is 1: what a budget's bar shows.
struct Share {
    double spent = 0;
    double reserved = 0;

    [[nodiscard]] static Share of(qint64 spent, qint64 reserved, qint64 limit) {
        if (limit <= 0) // nothing is allowed: the bar is full
            return {1, 0};
        const double used = std::clamp(double(spent) / double(limit), 0.0, 1.0);
        return {used, std::clamp(double(reserved) / double(limit), 0.0, 1 - used)};
    }
    [[nodiscard]] bool isGone() const { return spent >= 1; }
    [[nodiscard]] bool isNearlyGone() const { return spent + reserved > 0.8 - 1e-9; }
    bool operator==(const Share&) const = default;
};

} // namespace clawloops::gui

Q_DECLARE_METATYPE(clawloops::gui::Share)
