// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace clawloops::cell {

// One end of a join: a unix socket's path, or a port on 127.0.0.1. There is no way to name any other address.
struct Endpoint {
    std::string path; // empty: a port
    std::uint16_t port = 0;
    bool operator==(const Endpoint&) const = default;
};

struct JoinSpec {
    Endpoint listen;
    Endpoint connect;
    bool operator==(const JoinSpec&) const = default;
};

struct Options {
    std::vector<JoinSpec> joins;
    std::vector<std::string> command; // never empty
};

// `unix:/path` or `tcp:PORT`.
[[nodiscard]] std::optional<Endpoint> parseEndpoint(std::string_view text);
// `--join LISTEN=CONNECT …  -- PROGRAM ARGUMENT…`. None, with the reason in `error`, when it is anything else.
[[nodiscard]] std::optional<Options> parseOptions(const std::vector<std::string>& arguments, std::string& error);

} // namespace clawloops::cell
