// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/secret.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace clawloops {

[[nodiscard]] std::string randomBytes(std::size_t count); // from the kernel through OpenSSL; ends the process when it cannot
[[nodiscard]] Secret randomToken(); // 256 bits, base64url: 43 characters
[[nodiscard]] std::string randomId(std::string_view prefix, int characters = 16); // lower-case base32: "usr_7k…"
[[nodiscard]] std::string randomHex(int characters);
[[nodiscard]] std::uint64_t randomNumber(); // for what is no secret: out of a stock
[[nodiscard]] std::string newRequestId(); // like a randomId("req_", 20)
[[nodiscard]] bool isRequestId(std::string_view text); // formed like one of ours

} // namespace clawloops
