// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <optional>

namespace clawloops::gui {

// Money is nano-units of the US dollar; figures that are added up are shown whole.
[[nodiscard]] QString moneyText(qint64 nanos); // "$0.80", "$1 204.50", "< $0.01"
[[nodiscard]] QString exactMoneyText(qint64 nanos); // "$0.000123": every digit, for tooltips
[[nodiscard]] QString exactCountText(qint64 count); // "1 204 118", with narrow spaces that do not break
[[nodiscard]] std::optional<qint64> nanosFromText(const QString& text); // "5", "$5.50"; a point, at most 9 digits after it
[[nodiscard]] std::optional<qint64> countFromText(const QString& text); // "200000", "200 000", "200 k", "1.5 M"

} // namespace clawloops::gui
