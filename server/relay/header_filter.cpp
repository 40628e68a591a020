// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "relay/header_filter.h"

#include <algorithm>
#include <array>
#include <boost/asio/ip/address.hpp>

namespace clawloops::relay {

namespace {

using stream::equalNoCase;

constexpr std::array<std::string_view, 37> passing{
    "Accept", "Accept-Charset", "Accept-Encoding", "Accept-Language", "Cache-Control", "Content-Disposition", "Content-Encoding",
    "Content-Language", "Content-Type", "DNT", "If-Match", "If-Modified-Since", "If-None-Match", "If-Range", "If-Unmodified-Since",
    "Last-Event-ID", "Origin", "Pragma", "Priority", "Range", "Referer", "Save-Data", "Sec-CH-UA", "Sec-CH-UA-Mobile",
    "Sec-CH-UA-Platform", "Sec-Fetch-Dest", "Sec-Fetch-Mode", "Sec-Fetch-Site", "Sec-Fetch-User", "Sec-GPC",
    "Access-Control-Request-Headers", "Access-Control-Request-Method", "Upgrade-Insecure-Requests", "User-Agent",
    "X-Requested-With", "Content-Range", "Expires"};
constexpr std::array<std::string_view, 4> ofHandshake{"Sec-WebSocket-Key", "Sec-WebSocket-Version", "Sec-WebSocket-Protocol",
                                                      "Sec-WebSocket-Extensions"};
constexpr std::array<std::string_view, 7> single{"Host", "Origin", "Referer", "Content-Type", "Sec-WebSocket-Key",
                                                 "Sec-WebSocket-Version", "User-Agent"};
// Names and prefixes of names that never leave a cell.
constexpr std::array<std::string_view, 14> heldBack{"Set-Cookie", "Set-Cookie2", "Service-Worker-Allowed", "Clear-Site-Data",
                                                    "Strict-Transport-Security", "Public-Key-Pins", "Expect-CT", "Alt-Svc",
                                                    "NEL", "Report-To", "WWW-Authenticate", "Via", "X-Request-Id", "Refresh"};
constexpr std::array<std::string_view, 3> heldBackPrefixes{"X-Clawloops-", "X-Forwarded-", "X-Accel-"};
constexpr std::string_view ourCookies = "__host-http-clawloops";
constexpr std::string_view ourEarlierCookies = "__host-clawloops";
constexpr std::string_view ourSecureCookies = "__secure-clawloops";

template <std::size_t n> bool contains(const std::array<std::string_view, n>& names, std::string_view name) {
    return std::any_of(names.begin(), names.end(), [&](std::string_view one) { return equalNoCase(one, name); });
}

bool startsWithNoCase(std::string_view text, std::string_view start) {
    return text.size() >= start.size() && equalNoCase(text.substr(0, start.size()), start);
}

std::string_view trimmed(std::string_view text) {
    const auto blank = [](char c) { return static_cast<unsigned char>(c) <= ' '; };
    while (!text.empty() && blank(text.front()))
        text.remove_prefix(1);
    while (!text.empty() && blank(text.back()))
        text.remove_suffix(1);
    return text;
}

bool isOurCookie(std::string_view name) {
    return startsWithNoCase(name, ourCookies) || startsWithNoCase(name, ourEarlierCookies) || startsWithNoCase(name, ourSecureCookies);
}

template <class Visit> void eachPart(std::string_view text, char separator, Visit visit) {
    while (true) {
        const std::size_t end = text.find(separator);
        visit(trimmed(text.substr(0, end)));
        if (end == std::string_view::npos)
            return;
        text = text.substr(end + 1);
    }
}

std::string_view nameOf(std::string_view pair) {
    return trimmed(pair.substr(0, pair.find('=')));
}

} // namespace

std::string clientAddress(const stream::Fields& fields) {
    std::string_view last;
    for (const auto& field : fields)
        if (equalNoCase(field.name, "X-Forwarded-For"))
            last = field.value;
    const std::size_t comma = last.rfind(',');
    const std::string hop(trimmed(comma == std::string_view::npos ? last : last.substr(comma + 1)));
    boost::system::error_code error;
    auto address = boost::asio::ip::make_address(hop, error);
    if (!error && address.is_v6() && address.to_v6().is_v4_mapped())
        address = boost::asio::ip::make_address_v4(boost::asio::ip::v4_mapped, address.to_v6());
    if (error || address.is_loopback() || address.is_unspecified())
        return std::string(standInAddress);
    return address.to_string();
}

std::string_view whyHeadRefused(const stream::Fields& fields) {
    for (const std::string_view name : single)
        if (fields.count(name) > 1)
            return "a field that must be single appears twice";
    return fields.has("Host") ? std::string_view() : "no Host";
}

std::string withoutOurCookies(std::string_view cookieHeader) {
    std::string kept;
    eachPart(cookieHeader, ';', [&](std::string_view pair) {
        if (pair.empty() || isOurCookie(nameOf(pair)))
            return;
        if (!kept.empty())
            kept += "; ";
        kept += pair;
    });
    return kept;
}

stream::Fields requestFields(const stream::Fields& received, const Grant& grant, bool upgrade) {
    stream::Fields fields;
    fields.add("Host", grant.host);
    std::string cookies;
    for (const auto& field : received) {
        if (equalNoCase(field.name, "Cookie")) {
            const std::string kept = withoutOurCookies(field.value);
            if (!kept.empty())
                cookies += (cookies.empty() ? "" : "; ") + kept;
        } else if (contains(passing, field.name) || (upgrade && contains(ofHandshake, field.name))) {
            fields.add(field.name, field.value);
        }
    }
    if (!cookies.empty())
        fields.add("Cookie", cookies);
    if (upgrade) {
        fields.add("Connection", "Upgrade");
        fields.add("Upgrade", "websocket");
    }
    fields.add("X-Forwarded-For", clientAddress(received));
    fields.add("X-Forwarded-Proto", "https");
    fields.add("X-Forwarded-Host", grant.host);
    fields.add("X-Clawloops-User", grant.user);
    fields.add("X-Openclaw-Scopes", grant.scopes);
    fields.add("X-Request-Id", grant.rid);
    return fields;
}

std::string confinedCookie(std::string_view setCookie, std::string_view prefix) {
    std::string result;
    std::string path(prefix);
    bool first = true;
    bool refused = false;
    eachPart(setCookie, ';', [&](std::string_view part) {
        if (std::exchange(first, false)) {
            const std::string_view name = nameOf(part);
            // A cookie without a name carries one in its value for readers that split at another place.
            refused = name.empty() || part.find('=') == std::string_view::npos || isOurCookie(name);
            result = part;
            return;
        }
        const std::string_view attribute = nameOf(part);
        const std::size_t equals = part.find('=');
        if (equalNoCase(attribute, "Path")) {
            const std::string_view wanted = equals == std::string_view::npos ? std::string_view() : trimmed(part.substr(equals + 1));
            if (wanted.starts_with(prefix))
                path = wanted;
        } else if (!equalNoCase(attribute, "Domain") && !part.empty()) {
            result += "; ";
            result += part;
        }
    });
    if (refused)
        return {};
    return result + "; Path=" + path;
}

void filterResponse(stream::Fields& fields, const Grant& grant) {
    stream::removeHopFields(fields);
    stream::Fields cookies;
    for (const auto& field : fields) {
        if (!equalNoCase(field.name, "Set-Cookie"))
            continue;
        const std::string confined = confinedCookie(field.value, grant.prefix);
        if (!confined.empty())
            cookies.add("Set-Cookie", confined);
    }
    fields.removeIf([](const stream::Field& field) {
        return contains(heldBack, field.name)
            || std::any_of(heldBackPrefixes.begin(), heldBackPrefixes.end(),
                           [&](std::string_view start) { return startsWithNoCase(field.name, start); });
    });
    for (const auto& cookie : cookies)
        fields.add(cookie.name, cookie.value);
    fields.set("X-Request-Id", grant.rid);
}

} // namespace clawloops::relay
