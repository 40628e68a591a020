// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "edge/cookies.h"

#include <algorithm>
#include <strings.h>

namespace clawloops {

namespace {
std::string_view trimmed(std::string_view text) {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t'))
        text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t'))
        text.remove_suffix(1);
    return text;
}

template <class Each> void eachCookie(std::string_view header, Each each) {
    while (!header.empty()) {
        const auto end = header.find(';');
        const std::string_view pair = trimmed(header.substr(0, end));
        header.remove_prefix(end == std::string_view::npos ? header.size() : end + 1);
        if (pair.empty())
            continue;
        const auto equals = pair.find('=');
        const bool named = equals != std::string_view::npos;
        each(pair, trimmed(named ? pair.substr(0, equals) : pair), named ? trimmed(pair.substr(equals + 1)) : std::string_view());
    }
}
} // namespace

Secret cookieValue(std::string_view cookieHeader, std::string_view name) {
    std::string_view found;
    bool ambiguous = false;
    eachCookie(cookieHeader, [&](std::string_view, std::string_view cookie, std::string_view value) {
        if (cookie != name)
            return;
        ambiguous = ambiguous || (!found.empty() && found != value);
        found = value;
    });
    return ambiguous ? Secret() : Secret(std::string(found));
}

std::string withoutOurCookies(std::string_view cookieHeader) {
    std::string rest;
    eachCookie(cookieHeader, [&](std::string_view pair, std::string_view cookie, std::string_view) {
        for (const std::string_view prefix : ourCookiePrefixes)
            if (cookie.size() >= prefix.size() && strncasecmp(cookie.data(), prefix.data(), prefix.size()) == 0)
                return;
        if (!rest.empty())
            rest += "; ";
        rest += pair;
    });
    return rest;
}

std::string setCookie(std::string_view name, const Secret& value, WallTime expires, WallTime now) {
    const auto seconds = std::max<std::int64_t>(0, toUnixSeconds(expires) - toUnixSeconds(now));
    return std::string(name) + "=" + std::string(value.reveal()) + "; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=" +
           std::to_string(seconds);
}

std::string clearCookie(std::string_view name) {
    return std::string(name) + "=; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=0";
}

std::pair<std::string, std::string> clearStorage() { return {"Clear-Site-Data", "\"storage\""}; }

} // namespace clawloops
