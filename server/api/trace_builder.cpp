// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "api/trace_builder.h"

#include "base/json.h"

#include <algorithm>
#include <map>

namespace clawloops::api {

namespace {
constexpr int mostJoined = 20; // model requests of one connection

std::string textOf(const json::object& line, std::string_view name) {
    const json::value* value = line.if_contains(name);
    if (!value)
        return {};
    return value->is_string() ? std::string(value->get_string()) : json::serialize(*value);
}

// RFC 3339 in UTC with milliseconds compares as text; others write fewer or more digits of the second.
std::string toMillis(std::string at) {
    if (at.size() < 20 || at.back() != 'Z')
        return at;
    at.pop_back();
    if (at.size() == 19)
        at += '.';
    at.resize(23, '0');
    return at + 'Z';
}
} // namespace

LogHop readHop(const std::string& component, const std::string& line, const std::string& askedFor) {
    LogHop hop;
    hop.hop.component = component;
    hop.hop.line = line;
    hop.hop.requestId = askedFor;
    const auto object = parseObject(line);
    if (!object) {
        hop.hop.message = line.substr(0, 200);
        return hop;
    }
    const std::string status = textOf(*object, "DownstreamStatus");
    hop.hop.at = toMillis(textOf(*object, status.empty() ? "at" : "StartUTC"));
    if (!status.empty()) { // Traefik's access log
        // Traefik writes 0 for a connection that it handed over to a WebSocket.
        hop.hop.message = textOf(*object, "RequestMethod") + " " + textOf(*object, "RouterName") +
                          (status == "0" ? ", became a WebSocket" : ", answered " + status);
        return hop;
    }
    hop.hop.message = textOf(*object, "msg");
    for (const std::string_view more : {"method", "path", "status", "route", "target", "outcome", "end"})
        if (const std::string value = textOf(*object, more); !value.empty())
            hop.hop.message += ", " + std::string(more) + " " + value;
    hop.cell = textOf(*object, "cell");
    hop.kind = textOf(*object, "kind");
    if (const json::value* ms = object->if_contains("ms"); ms && ms->is_int64())
        hop.ms = ms->get_int64();
    if (const std::string rid = textOf(*object, "rid"); !rid.empty())
        hop.hop.requestId = rid;
    return hop;
}

std::vector<std::string> openAt(const std::vector<LogHop>& ofCell, const std::string& time) {
    std::map<std::string, std::string> ends; // by request id; a page or a picture asks no model, and counts as ended long ago
    for (const LogHop& each : ofCell)
        if (!each.kind.empty())
            ends[each.hop.requestId] = each.kind == "websocket" ? each.hop.at : std::string();
    std::vector<std::pair<std::string, std::string>> open; // begin, id
    for (const LogHop& each : ofCell)
        // Lines about the cell that belong to no request (a start, a stop) carry no request id.
        if (each.kind.empty() && each.hop.requestId.starts_with("req_") && !each.hop.at.empty() && each.hop.at <= time)
            if (const auto end = ends.find(each.hop.requestId); end == ends.end() || end->second >= time)
                open.emplace_back(each.hop.at, each.hop.requestId);
    std::sort(open.rbegin(), open.rend());
    std::vector<std::string> ids;
    for (const auto& [begin, id] : open)
        if (std::find(ids.begin(), ids.end(), id) == ids.end() && ids.size() < 3)
            ids.push_back(id);
    return ids;
}

TraceBuilder::TraceBuilder(ControlClient& supervisor, store::Database& database, const Clock& clock, QObject* guard, Done done)
    : m_supervisor(supervisor)
    , m_database(database)
    , m_clock(clock)
    , m_guard(guard)
    , m_done(std::move(done)) {}

void TraceBuilder::start(const std::string& requestId) {
    m_trace.requestId = requestId;
    auto self = shared_from_this();
    find(requestId, [self, requestId](std::vector<LogHop> hops) {
        self->m_own = std::move(hops);
        self->add(self->m_own, false);
        struct Origin {
            std::string cell;
            std::string startedAt;
        };
        // Is it a model request? Then its usage row knows the cell.
        self->m_database.run(
            [requestId](store::Transaction& tx) -> Result<Origin> {
                const auto rows = tx.query("SELECT cell_id, started_at FROM usage_events WHERE request_id = $1", {requestId});
                if (!rows)
                    return rows.error();
                return rows->empty() ? Origin() : Origin{rows->front().text(0), toRfc3339(rows->front().time(1))};
            },
            self->m_guard, [self](const Result<Origin>& origin) {
                if (origin && !origin->cell.empty())
                    return self->joinConnection(origin->cell, origin->startedAt);
                const auto withCell = std::find_if(self->m_own.begin(), self->m_own.end(),
                                                   [](const LogHop& hop) { return !hop.cell.empty(); });
                if (withCell == self->m_own.end())
                    return self->finish();
                self->joinModelRequests(withCell->cell);
            });
    });
}

void TraceBuilder::find(const std::string& id, std::function<void(std::vector<LogHop>)> then) {
    m_supervisor.call(
        "logs.find", {{"rid", id}}, m_guard,
        [self = shared_from_this(), id, then = std::move(then)](const Result<json::object>& answer) {
            if (!answer)
                return self->m_done(answer.error());
            std::vector<LogHop> hops;
            if (const json::value* lines = answer->if_contains("lines"); lines && lines->is_array())
                for (const json::value& each : lines->get_array())
                    if (each.is_object())
                        hops.push_back(readHop(textOf(each.get_object(), "component"), textOf(each.get_object(), "line"), id));
            then(std::move(hops));
        },
        std::chrono::seconds(30));
}

void TraceBuilder::joinModelRequests(const std::string& cell) {
    std::string from;
    std::string to;
    bool webSocket = true; // until its end says otherwise
    for (const LogHop& hop : m_own) {
        if (!hop.hop.at.empty() && (from.empty() || hop.hop.at < from))
            from = hop.hop.at;
        if (hop.kind.empty())
            continue;
        webSocket = hop.kind == "websocket";
        to = hop.hop.at;
    }
    if (!webSocket || from.empty())
        return finish(); // a page or a picture asks no model
    if (to.empty())
        to = toRfc3339(m_clock.now()); // still open
    m_database.run(
        [cell, from, to](store::Transaction& tx) -> Result<std::vector<std::string>> {
            const auto rows = tx.query("SELECT request_id FROM usage_events WHERE cell_id = $1 AND started_at >= $2::timestamptz "
                                       "AND started_at <= $3::timestamptz ORDER BY started_at DESC LIMIT $4",
                                       {cell, from, to, mostJoined});
            if (!rows)
                return rows.error();
            std::vector<std::string> ids;
            for (const store::Row& row : *rows)
                ids.push_back(row.text(0));
            return ids;
        },
        m_guard, [self = shared_from_this(), cell](const Result<std::vector<std::string>>& ids) {
            if (!ids || ids->empty())
                return self->finish();
            self->m_trace.note = "This is a connection between a browser and cell " + cell +
                                 ". The model requests below it were joined by that cell and the time, as a chat message travels "
                                 "inside the WebSocket and carries no id of its own.";
            self->findAll(*ids);
        });
}

void TraceBuilder::joinConnection(const std::string& cell, const std::string& startedAt) {
    find(cell, [self = shared_from_this(), cell, startedAt](const std::vector<LogHop>& hops) {
        std::vector<LogHop> ofCell;
        std::copy_if(hops.begin(), hops.end(), std::back_inserter(ofCell), [&](const LogHop& hop) {
            return hop.cell == cell && (hop.hop.component == "clawloopsd" || hop.hop.component == "relay");
        });
        const auto ids = openAt(ofCell, startedAt);
        if (ids.empty())
            return self->finish();
        self->m_trace.note = "This is a model request of cell " + cell +
                             ". The browser's connections were joined by that cell and the time, as a chat message travels inside "
                             "the WebSocket and carries no id of its own. Traefik and the relay write a connection's line when it ends.";
        self->findAll(ids);
    });
}

void TraceBuilder::findAll(std::vector<std::string> ids) {
    if (ids.empty())
        return finish();
    const std::string id = ids.back();
    ids.pop_back();
    find(id, [self = shared_from_this(), ids = std::move(ids)](const std::vector<LogHop>& hops) {
        self->add(hops, true);
        self->findAll(ids);
    });
}

void TraceBuilder::add(const std::vector<LogHop>& hops, bool joined) {
    for (const LogHop& each : hops)
        if (m_lines.insert(each.hop.line).second) {
            m_trace.hops.push_back(each.hop);
            m_trace.hops.back().joined = joined;
        }
}

void TraceBuilder::finish() {
    if (m_trace.hops.empty())
        return m_done(Error{ErrorCode::NotFound, "No log has a line with that request id.", {}});
    std::stable_sort(m_trace.hops.begin(), m_trace.hops.end(),
                     [](const wire::TraceHop& a, const wire::TraceHop& b) { return a.at < b.at; });
    m_done(std::move(m_trace));
}

} // namespace clawloops::api
