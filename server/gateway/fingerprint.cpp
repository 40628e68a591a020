// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/fingerprint.h"

#include <functional>

namespace clawloops::gateway {
namespace {

constexpr std::size_t looksBack = 16 * 1024; // a tool call that is longer, with its result, is not compared

std::uint64_t joined(std::uint64_t a, std::uint64_t b) {
    return (a ^ (b + 0x9e3779b97f4a7c15ull + (a << 6) + (a >> 2)));
}

// The JSON text of the value behind a member's name, a text or nothing; escaped as it stands.
std::string_view textBehind(std::string_view json, std::size_t name) {
    std::size_t at = json.find(':', name);
    at = at == std::string_view::npos ? at : json.find_first_not_of(" \t\r\n", at + 1);
    if (at == std::string_view::npos || json[at] != '"')
        return {};
    for (std::size_t end = at + 1; end < json.size(); ++end) {
        if (json[end] == '\\')
            ++end;
        else if (json[end] == '"')
            return json.substr(at, end - at + 1);
    }
    return {};
}

// In a text such a name would be escaped: its quotes are the JSON's own.
std::uint64_t lastToolCall(std::string_view messages) {
    const std::size_t arguments = messages.rfind("\"arguments\"");
    if (arguments == std::string_view::npos || messages.find("\"user\"", arguments) != std::string_view::npos)
        return 0;
    const std::string_view given = textBehind(messages, arguments);
    const std::size_t before = messages.rfind("\"name\"", arguments);
    const std::size_t behind = messages.find("\"name\"", arguments);
    const std::size_t name = before != std::string_view::npos ? before : behind;
    if (given.empty() || name == std::string_view::npos)
        return 0;
    return fingerprintOf(std::string(textBehind(messages, name)) + std::string(given));
}

} // namespace

std::uint64_t fingerprintOf(std::string_view text) {
    const std::uint64_t hash = std::hash<std::string_view>()(text);
    return hash == 0 ? 1 : hash;
}

Fingerprint fingerprintOf(const RequestBody& body) {
    Fingerprint print;
    body.visitText(0, [&](std::string_view part) { print.content = joined(print.content, fingerprintOf(part)); });
    std::string tail;
    for (const std::string_view name : {"messages", "input"}) {
        if (tail.empty())
            tail = body.endOf(name, looksBack);
    }
    print.toolCall = tail.empty() ? 0 : lastToolCall(tail);
    return print;
}

} // namespace clawloops::gateway
