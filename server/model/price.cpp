// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/price.h"

#include <algorithm>
#include <limits>

namespace clawloops::model {
namespace {

__extension__ using Wide = __int128; // (2^63)² twice over still fits
constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t perMillion = 1'000'000;

Wide times(std::int64_t tokens, std::int64_t price) {
    return static_cast<Wide>(tokens) * std::max<std::int64_t>(0, price);
}

std::int64_t rounded(Wide sum) {
    return static_cast<std::int64_t>(std::min<Wide>(most, (sum + perMillion - 1) / perMillion));
}

std::optional<std::int64_t> dearer(const std::optional<std::int64_t>& a, const std::optional<std::int64_t>& b) {
    return a && b ? std::optional(std::max(*a, *b)) : std::nullopt;
}

} // namespace

std::optional<std::int64_t> costOf(const Price& price, const Tokens& tokens) {
    const std::int64_t in = std::max<std::int64_t>(0, tokens.in);
    const std::int64_t cached = std::clamp<std::int64_t>(tokens.cached, 0, in);
    const std::int64_t out = std::max<std::int64_t>(0, tokens.out);
    const std::optional<std::int64_t> cachedPrice = price.cachedIn ? price.cachedIn : price.in;
    if ((in > cached && !price.in) || (cached > 0 && !cachedPrice) || (out > 0 && !price.out))
        return std::nullopt;
    return rounded(times(in - cached, price.in.value_or(0)) + times(cached, cachedPrice.value_or(0)) +
                   times(out, price.out.value_or(0)));
}

std::optional<std::int64_t> costAtMost(const Price& price, std::int64_t in, std::int64_t out) {
    Price most = price;
    if (price.in && price.cachedIn)
        most.in = std::max(*price.in, *price.cachedIn);
    return costOf(most, {.in = in, .out = out});
}

bool isKnown(const Price& price) {
    return price.in && price.out;
}

Price dearest(const Price& a, const Price& b) {
    const auto cached = [](const Price& price) { return price.cachedIn ? price.cachedIn : price.in; };
    return {.in = dearer(a.in, b.in), .cachedIn = dearer(cached(a), cached(b)), .out = dearer(a.out, b.out)};
}

std::string moneyText(std::int64_t nanos) {
    const bool negative = nanos < 0;
    const std::uint64_t size = negative ? 0 - static_cast<std::uint64_t>(nanos) : static_cast<std::uint64_t>(nanos);
    std::string fraction = std::to_string(1'000'000 + size / 1000 % 1'000'000).substr(1);
    const std::uint64_t whole = size / 1'000'000'000;
    while (fraction.size() > 2 && (whole > 0 || fraction.back() == '0'))
        fraction.pop_back();
    return (negative ? "-$" : "$") + std::to_string(whole) + "." + fraction;
}

} // namespace clawloops::model
