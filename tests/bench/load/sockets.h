// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace clawloops::bench {

[[noreturn]] void die(const std::string& why); // exit code 1 and a line on stderr

// "unix:/path" or "tcp:127.0.0.1:port". All of them do not block; dies when it cannot be had.
[[nodiscard]] int connectTo(const std::string& address);
[[nodiscard]] int listenAt(const std::string& address);

[[nodiscard]] std::int64_t nowNanos(); // CLOCK_MONOTONIC, the same in all processes of the machine
[[nodiscard]] std::string contentOf(const std::string& path);
// The value behind `name` among the arguments; dies when there is none and no other value is given.
[[nodiscard]] std::string argument(int count, char** arguments, std::string_view name, const char* otherwise = nullptr);

} // namespace clawloops::bench
