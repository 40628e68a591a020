// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/json.h"
#include "base/result.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

// Arguments and replies of the relay's control verbs (internals.md, "relay"). fromJson refuses unknown members and wrong
// types by name.
namespace clawloops::relay_verbs {

// cut: at least one must be given; a connection has to match all that are.
struct Cut {
    std::optional<std::string> session; // lower-case hex SHA-256 of the workspace session token
    std::optional<std::string> user; // username
    std::optional<std::string> cell;
};
struct CutReply {
    std::int64_t closed = 0;
};

struct Connection {
    std::int64_t id = 0;
    std::string user;
    std::string cell;
    std::string session;
    std::string since; // RFC 3339, UTC
    std::string kind; // http | websocket
    std::int64_t bytesIn = 0; // from the browser
    std::int64_t bytesOut = 0;
};
struct Connections { // reply of connections
    std::vector<Connection> connections;
};

struct Stats { // reply of stats; counts since the start
    std::int64_t requests = 0;
    std::int64_t errors = 0; // answers >= 500 that the relay made
    std::int64_t denied = 0; // without a valid grant, or outside of it
    std::int64_t cut = 0;
    std::int64_t open = 0; // requests and tunnels now
    std::int64_t refused = 0; // connections: over the limit, no client certificate, not HTTP
};

struct Closed { // event closed: the number of a cell's open connections changed
    std::string cell;
    std::string user;
    std::int64_t open = 0;
};

[[nodiscard]] json::object toJson(const Cut& cut);
[[nodiscard]] Result<Cut> cutFromJson(const json::object& object);
[[nodiscard]] json::object toJson(const CutReply& reply);
[[nodiscard]] Result<CutReply> cutReplyFromJson(const json::object& object);
[[nodiscard]] json::object toJson(const Connections& connections);
[[nodiscard]] Result<Connections> connectionsFromJson(const json::object& object);
[[nodiscard]] json::object toJson(const Stats& stats);
[[nodiscard]] Result<Stats> statsFromJson(const json::object& object);
[[nodiscard]] json::object toJson(const Closed& closed);
[[nodiscard]] Result<Closed> closedFromJson(const json::object& object);

} // namespace clawloops::relay_verbs
