// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "wire/relay_verbs.h"

namespace clawloops::relay_verbs {
namespace {

template <class T> Result<T> finished(ObjectReader& reader, T value) {
    if (const Status status = reader.finish(); !status)
        return status.error();
    return value;
}

std::optional<std::string> textIfAny(ObjectReader& reader, std::string_view name) {
    if (!reader.has(name))
        return std::nullopt;
    return reader.text(name);
}

Result<Connection> readConnection(const json::object& object) {
    ObjectReader reader(object, "connection");
    Connection one;
    one.id = reader.integer("id");
    one.user = reader.text("user");
    one.cell = reader.text("cell");
    one.session = reader.text("session");
    one.since = reader.text("since");
    one.kind = reader.text("kind");
    one.bytesIn = reader.integer("bytesIn");
    one.bytesOut = reader.integer("bytesOut");
    return finished(reader, std::move(one));
}

} // namespace

json::object toJson(const Cut& cut) {
    json::object object;
    if (cut.session)
        object["session"] = *cut.session;
    if (cut.user)
        object["user"] = *cut.user;
    if (cut.cell)
        object["cell"] = *cut.cell;
    return object;
}

Result<Cut> cutFromJson(const json::object& object) {
    ObjectReader reader(object, "cut");
    Cut cut;
    cut.session = textIfAny(reader, "session");
    cut.user = textIfAny(reader, "user");
    cut.cell = textIfAny(reader, "cell");
    if (!cut.session && !cut.user && !cut.cell)
        reader.fail("cut needs \"session\", \"user\" or \"cell\".");
    return finished(reader, std::move(cut));
}

json::object toJson(const CutReply& reply) {
    return {{"closed", reply.closed}};
}

Result<CutReply> cutReplyFromJson(const json::object& object) {
    ObjectReader reader(object, "reply");
    CutReply reply;
    reply.closed = reader.integer("closed");
    return finished(reader, reply);
}

json::object toJson(const Connections& connections) {
    json::array array;
    for (const Connection& one : connections.connections)
        array.push_back(json::object{{"id", one.id}, {"user", one.user}, {"cell", one.cell}, {"session", one.session},
                                     {"since", one.since}, {"kind", one.kind}, {"bytesIn", one.bytesIn}, {"bytesOut", one.bytesOut}});
    return {{"connections", std::move(array)}};
}

Result<Connections> connectionsFromJson(const json::object& object) {
    ObjectReader reader(object, "reply");
    Connections all;
    for (const json::value& value : reader.array("connections")) {
        if (!value.is_object()) {
            reader.fail("\"connections\" must hold objects only.");
            break;
        }
        auto one = readConnection(value.get_object());
        if (!one)
            return one.error();
        all.connections.push_back(std::move(*one));
    }
    return finished(reader, std::move(all));
}

json::object toJson(const Stats& stats) {
    return {{"requests", stats.requests}, {"errors", stats.errors}, {"denied", stats.denied},
            {"cut", stats.cut},           {"open", stats.open},     {"refused", stats.refused}};
}

Result<Stats> statsFromJson(const json::object& object) {
    ObjectReader reader(object, "reply");
    Stats stats;
    stats.requests = reader.integer("requests");
    stats.errors = reader.integer("errors");
    stats.denied = reader.integer("denied");
    stats.cut = reader.integer("cut");
    stats.open = reader.integer("open");
    stats.refused = reader.integer("refused");
    return finished(reader, stats);
}

json::object toJson(const Closed& closed) {
    return {{"cell", closed.cell}, {"user", closed.user}, {"open", closed.open}};
}

Result<Closed> closedFromJson(const json::object& object) {
    ObjectReader reader(object, "event");
    Closed closed;
    closed.cell = reader.text("cell");
    closed.user = reader.text("user");
    closed.open = reader.integer("open");
    return finished(reader, std::move(closed));
}

} // namespace clawloops::relay_verbs
