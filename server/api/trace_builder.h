// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/clock.h"
#include "link/control_client.h"
#include "store/database.h"
#include "wire/api_types.h"

#include <QObject>

#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace clawloops::api {

// One log line as a hop: its time, its words, and what joins it to others.
struct LogHop {
    wire::TraceHop hop;
    std::string cell;
    std::string kind; // of a relay line: http | websocket
    std::int64_t ms = 0; // how long it took, when the line says so
};
[[nodiscard]] LogHop readHop(const std::string& component, const std::string& line, const std::string& askedFor);

// Of the log lines of one cell, the request ids of the connections that were open at a time: their session check was before it,
// and their end, if there is one yet, after it. The latest first, at most three.
[[nodiscard]] std::vector<std::string> openAt(const std::vector<LogHop>& ofCell, const std::string& time);

// Gathers the hops of a request id from the supervisor's logs. A chat travels in a WebSocket, so its browser side and its model
// side have different ids; they are joined by the cell and the time (usage rows of that cell while the connection was open),
// marked as joined, and the note says so. Finds itself a life by shared_ptr; `done` runs once.
class TraceBuilder : public std::enable_shared_from_this<TraceBuilder> {
public:
    using Done = std::function<void(Result<wire::Trace>)>;
    TraceBuilder(ControlClient& supervisor, store::Database& database, const Clock& clock, QObject* guard, Done done);
    void start(const std::string& requestId);

private:
    void find(const std::string& id, std::function<void(std::vector<LogHop>)> then);
    void joinModelRequests(const std::string& cell);
    void joinConnection(const std::string& cell, const std::string& startedAt);
    void findAll(std::vector<std::string> ids);
    void add(const std::vector<LogHop>& hops, bool joined);
    void finish();

    ControlClient& m_supervisor;
    store::Database& m_database;
    const Clock& m_clock;
    QObject* m_guard;
    Done m_done;
    wire::Trace m_trace;
    std::vector<LogHop> m_own;
    std::set<std::string> m_lines; // what is in already
};

} // namespace clawloops::api
