// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "model/dialect.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace clawloops::model {

// Where a target listens: "unix:/absolute/path", "http://host:port/base" or https (the system's authorities). No user, no query, no fragment, no "..".
struct TargetUrl {
    std::string socketPath; // unix
    bool tls = false; // https
    std::string host; // http and https; an IPv6 address without its brackets
    std::uint16_t port = 80;
    std::string base; // "" or "/openai/v1", without a slash at the end

    [[nodiscard]] bool isLocal() const { return !socketPath.empty(); }
    [[nodiscard]] std::string hostField() const; // for the Host header; "localhost" for a socket
    // The path of a request: the base stands for "/v1", as OpenAI clients read a base URL.
    [[nodiscard]] std::string pathFor(Endpoint endpoint) const;
};
[[nodiscard]] Result<TargetUrl> parseTargetUrl(std::string_view text);

} // namespace clawloops::model
