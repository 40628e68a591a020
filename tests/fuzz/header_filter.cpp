// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
// What a cell and a browser get to see of each other's heads: the first line chooses the direction, the rest are fields.
#include "fuzz.h"

#include "relay/header_filter.h"

#include <string>
#include <vector>

namespace clawloops::fuzz {
namespace {

using stream::Fields;

Fields fieldsOf(std::string_view text) {
    Fields fields;
    while (!text.empty()) {
        const std::string_view line = text.substr(0, text.find('\n'));
        text.remove_prefix(std::min(text.size(), line.size() + 1));
        const std::size_t colon = line.find(':');
        if (colon != std::string_view::npos)
            fields.add(line.substr(0, colon), line.substr(colon + 1));
    }
    return fields;
}

Grant grant() {
    Grant grant;
    grant.cell = "c0123456789ab";
    grant.user = "alice";
    grant.scopes = "operator.read";
    grant.host = "box.test:8444";
    grant.prefix = "/w/alice/";
    grant.rid = "req_aaaaaaaaaaaaaaaaaaaa";
    return grant;
}

std::string lower(std::string_view text) {
    std::string out(text);
    for (char& c : out)
        c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    return out;
}

// The values of a cookie's attribute of that name, as a browser splits them.
std::vector<std::string> attributes(std::string_view cookie, std::string_view name) {
    const auto trimmed = [](std::string_view part) {
        const std::size_t from = part.find_first_not_of(" \t");
        return from == std::string_view::npos ? std::string_view() : part.substr(from, part.find_last_not_of(" \t") - from + 1);
    };
    std::vector<std::string> values;
    for (std::size_t at = cookie.find(';'); at != std::string_view::npos; at = cookie.find(';', at + 1)) {
        const std::string_view part = cookie.substr(at + 1, cookie.find(';', at + 1) - at - 1);
        const std::size_t equals = part.find('=');
        if (trimmed(part.substr(0, equals)) == name)
            values.emplace_back(equals == std::string_view::npos ? std::string_view() : trimmed(part.substr(equals + 1)));
    }
    return values;
}

void towardsCell(const Fields& received, bool upgrade) {
    static_cast<void>(relay::whyHeadRefused(received));
    const Fields sent = relay::requestFields(received, grant(), upgrade);
    require(sent.count("Host") == 1 && sent.get("Host") == "box.test:8444", "the grant's host, once");
    require(sent.count("X-Clawloops-User") == 1 && sent.get("X-Clawloops-User") == "alice", "the grant's user, once");
    require(sent.count("X-Openclaw-Scopes") == 1 && sent.get("X-Openclaw-Scopes") == "operator.read", "the grant's scopes, once");
    require(sent.count("X-Forwarded-For") == 1 && sent.count("X-Request-Id") == 1, "one address, one request id");
    require(!sent.has("Authorization") && !sent.has("X-Forwarded-User") && !sent.has("Forwarded"), "no identity of the client's own");
    for (const stream::Field& field : sent) {
        require(field.name.find('_') == std::string::npos, "no underscore twin");
        if (lower(field.name) == "cookie")
            require(lower(relay::withoutOurCookies(field.value)) == lower(field.value), "no cookie of ours is left");
    }
}

void towardsBrowser(Fields fields) {
    relay::filterResponse(fields, grant());
    for (const char* name : {"Service-Worker-Allowed", "Clear-Site-Data", "Strict-Transport-Security", "Connection", "Upgrade"})
        require(!fields.has(name), "nothing that reaches beyond the workspace's path");
    require(fields.count("X-Request-Id") == 1, "our request id");
    for (const stream::Field& field : fields) {
        if (lower(field.name) != "set-cookie")
            continue;
        const std::string text = lower(field.value);
        for (const char* ours : {"__host-http-clawloops", "__host-clawloops", "__secure-clawloops"})
            require(!text.starts_with(ours), "no cookie in our names");
        const auto paths = attributes(text, "path");
        require(paths.size() == 1 && paths.front().starts_with("/w/alice/"), "confined to the prefix, once");
        require(attributes(text, "domain").empty(), "no domain");
    }
}

} // namespace

void take(std::string_view input) {
    if (input.empty())
        return;
    const Fields fields = fieldsOf(input.substr(1));
    if (input.front() == 'r')
        towardsBrowser(fields);
    else
        towardsCell(fields, input.front() == 'u');
    const std::string address = relay::clientAddress(fields);
    require(!address.empty() && address != "127.0.0.1" && address != "::1", "an address that is not loopback");
}

} // namespace clawloops::fuzz
