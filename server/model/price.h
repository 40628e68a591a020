// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "wire/gateway_configuration.h"

#include <cstdint>
#include <optional>
#include <string>

// What tokens cost. Money is nano-units of the one currency (1 $ = 1,000,000,000), prices are nano-units per MILLION tokens:
// 0.15 $ per million is 150'000'000.
namespace clawloops::model {

using Price = gateway_verbs::Price;

struct Tokens {
    std::int64_t in = 0; // cached ones are among them
    std::int64_t cached = 0;
    std::int64_t out = 0; // reasoning ones are among them
    std::int64_t reasoning = 0; // told apart for the statistics, priced as out
};

// | price            | tokens         | cost                                                  |
// |------------------|----------------|-------------------------------------------------------|
// | in, cachedIn     | cached of in   | (in - cached) × in + cached × cachedIn + out × out    |
// | cachedIn missing | any            | cached ones as the others                             |
// | in missing       | in > cached    | unknown; also when cachedIn is missing and in > 0     |
// | out missing      | out > 0        | unknown                                               |
// Rounded up once, to a whole nano-unit; what does not fit is the largest number. Negative counts are 0, cached is at most in: an
// upstream says these.
[[nodiscard]] std::optional<std::int64_t> costOf(const Price& price, const Tokens& tokens);

// The most that `in` tokens of prompt and `out` of answer can cost, however many of them turn out to be cached.
[[nodiscard]] std::optional<std::int64_t> costAtMost(const Price& price, std::int64_t in, std::int64_t out);

// Both directions have a price, so every request has a cost.
[[nodiscard]] bool isKnown(const Price& price);

// Per part the dearer one, unknown where either is: for a request that may go to either target.
[[nodiscard]] Price dearest(const Price& a, const Price& b);

// "$1.23"; below a dollar with what is needed down to a millionth, "$0.0042". Rounded towards 0, so what is left is never overstated.
[[nodiscard]] std::string moneyText(std::int64_t nanos);

} // namespace clawloops::model
