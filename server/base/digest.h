// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace clawloops {

using Sha256 = std::array<std::uint8_t, 32>;

// All through OpenSSL's libcrypto. A failure there (out of memory) ends the process: nothing can go on without it.
[[nodiscard]] Sha256 sha256(std::string_view bytes);
[[nodiscard]] Sha256 hmacSha256(std::string_view key, std::string_view bytes);
[[nodiscard]] std::string toHex(std::string_view bytes);
[[nodiscard]] std::string toHex(const Sha256& digest);
[[nodiscard]] std::optional<std::string> fromHex(std::string_view hex); // even length, either case
[[nodiscard]] std::string base64UrlEncode(std::string_view bytes); // without padding
[[nodiscard]] std::optional<std::string> base64UrlDecode(std::string_view text); // canonical only: anything else is none
[[nodiscard]] bool equalInConstantTime(std::string_view a, std::string_view b);
[[nodiscard]] inline std::string_view asBytes(const Sha256& digest) {
    return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

} // namespace clawloops
