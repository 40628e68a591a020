// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/json.h"
#include "base/result.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

// The control protocol of resources/docs/internals.md: one JSON object a line over a unix stream socket. Values and text
// only: the sockets are in link/ (Qt) and stream/ (Asio).
namespace clawloops::control {

inline constexpr std::size_t longestLine = 16u << 20; // bytes, without the line end: a gateway's whole configuration

struct Request {
    std::int64_t id = 0;
    std::string verb;
    std::string rid; // may be empty
    json::object args;
};

struct Reply {
    std::int64_t id = 0;
    Result<json::object> outcome = json::object();
};

struct Event {
    std::string name;
    json::object data;
};

// Encoded lines end with '\n'.
[[nodiscard]] std::string encode(const Request& request);
[[nodiscard]] std::string encode(const Reply& reply);
[[nodiscard]] std::string encode(const Event& event);

// A request as a server reads it. When the line is refused, `id` tells whom to answer if it could be read.
struct RefusedRequest {
    std::int64_t id = 0;
    Error error;
};
[[nodiscard]] std::variant<Request, RefusedRequest> parseRequest(std::string_view line);
// What a client reads.
[[nodiscard]] Result<std::variant<Reply, Event>> parseAnswer(std::string_view line);

// Cuts a byte stream into lines. push() answers false once a line is longer than longestLine: close the connection then.
class LineSplitter {
public:
    [[nodiscard]] bool push(std::string_view bytes);
    [[nodiscard]] std::optional<std::string> next();

private:
    std::string m_buffer;
    std::size_t m_scanned = 0;
    std::size_t m_start = 0;
};

} // namespace clawloops::control
