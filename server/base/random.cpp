// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/random.h"

#include "base/digest.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstdlib>
#include <openssl/rand.h>

namespace clawloops {

std::string randomBytes(std::size_t count) {
    std::string out(count, '\0');
    if (RAND_bytes(reinterpret_cast<unsigned char*>(out.data()), static_cast<int>(count)) != 1)
        std::abort();
    return out;
}

namespace {
constexpr std::string_view digits = "abcdefghijklmnopqrstuvwxyz234567";
}

Secret randomToken() { return Secret(base64UrlEncode(randomBytes(32))); }

std::string randomId(std::string_view prefix, int characters) {
    std::string out(prefix);
    for (const unsigned char byte : randomBytes(static_cast<std::size_t>(characters)))
        out += digits[byte & 31];
    return out;
}

namespace {

// For what is no secret bytes may be had in stock: the generator asks the system who it is at each call.
void takeFromStock(unsigned char* to, std::size_t count) {
    thread_local std::array<unsigned char, 2048> stock{};
    thread_local std::size_t used = stock.size();
    if (stock.size() - used < count) {
        if (RAND_bytes(stock.data(), static_cast<int>(stock.size())) != 1)
            std::abort();
        used = 0;
    }
    std::copy_n(stock.data() + used, count, to);
    used += count;
}

} // namespace

std::uint64_t randomNumber() {
    std::array<unsigned char, sizeof(std::uint64_t)> bytes{};
    takeFromStock(bytes.data(), bytes.size());
    return std::bit_cast<std::uint64_t>(bytes);
}

std::string newRequestId() {
    std::array<unsigned char, 20> bytes{};
    takeFromStock(bytes.data(), bytes.size());
    std::string out = "req_";
    for (const unsigned char byte : bytes)
        out += digits[byte & 31];
    return out;
}

bool isRequestId(std::string_view text) {
    constexpr std::string_view prefix = "req_";
    return text.size() == prefix.size() + 20 && text.starts_with(prefix) &&
           text.substr(prefix.size()).find_first_not_of(digits) == std::string_view::npos;
}

std::string randomHex(int characters) {
    return toHex(randomBytes(static_cast<std::size_t>(characters + 1) / 2)).substr(0, static_cast<std::size_t>(characters));
}

} // namespace clawloops
