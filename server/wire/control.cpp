// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "wire/control.h"

namespace clawloops::control {

std::string encode(const Request& request) {
    json::object line{{"id", request.id}, {"verb", request.verb}};
    if (!request.rid.empty())
        line["rid"] = request.rid;
    line["args"] = request.args;
    return json::serialize(line) + '\n';
}

std::string encode(const Reply& reply) {
    json::object line{{"id", reply.id}};
    if (reply.outcome) {
        line["ok"] = *reply.outcome;
    } else {
        const Error& error = reply.outcome.error();
        line["error"] = {{"code", errorCodeName(error.code)}, {"message", error.message}, {"detail", error.detail}};
    }
    return json::serialize(line) + '\n';
}

std::string encode(const Event& event) {
    return json::serialize(json::object{{"event", event.name}, {"data", event.data}}) + '\n';
}

std::variant<Request, RefusedRequest> parseRequest(std::string_view line) {
    auto parsed = parseObject(line);
    if (!parsed)
        return RefusedRequest{0, parsed.error()};
    ObjectReader reader(*parsed, "control request");
    Request request;
    request.id = reader.integer("id");
    request.verb = reader.text("verb");
    request.rid = reader.textOr("rid", {});
    if (reader.has("args"))
        request.args = reader.object("args");
    if (const Status status = reader.finish(); !status)
        return RefusedRequest{request.id, status.error()};
    return request;
}

Result<std::variant<Reply, Event>> parseAnswer(std::string_view line) {
    auto parsed = parseObject(line);
    if (!parsed)
        return parsed.error();
    ObjectReader reader(*parsed, "control answer");
    if (reader.has("event")) {
        Event event{reader.text("event"), reader.object("data")};
        if (const Status status = reader.finish(); !status)
            return status.error();
        return std::variant<Reply, Event>(std::move(event));
    }
    Reply reply;
    reply.id = reader.integer("id");
    if (reader.has("error")) {
        ObjectReader inner(reader.object("error"), "control error");
        const std::string code = inner.text("code");
        reply.outcome = Error{errorCodeFromName(code).value_or(ErrorCode::Internal), inner.text("message"),
                              inner.textOr("detail", {})};
    } else {
        reply.outcome = reader.object("ok");
    }
    if (const Status status = reader.finish(); !status)
        return status.error();
    return std::variant<Reply, Event>(std::move(reply));
}

bool LineSplitter::push(std::string_view bytes) {
    if (m_start > 0) {
        m_buffer.erase(0, m_start);
        m_scanned -= m_start;
        m_start = 0;
    }
    m_buffer += bytes;
    // Only an unfinished line can be too long here: finished ones are handed out by next() between pushes.
    return m_buffer.size() <= longestLine || m_buffer.find('\n') <= longestLine;
}

std::optional<std::string> LineSplitter::next() {
    const std::size_t end = m_buffer.find('\n', m_scanned);
    if (end == std::string::npos) {
        m_scanned = m_buffer.size();
        return std::nullopt;
    }
    std::string line = m_buffer.substr(m_start, end - m_start);
    m_start = m_scanned = end + 1;
    return line;
}

} // namespace clawloops::control
