// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "relay/target.h"

#include <algorithm>
#include <array>

namespace clawloops::relay {

namespace {

bool isHex(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

bool isLowerHex(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
}

char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
}

// The two digits behind a '%', in lower case.
bool isDangerousCode(std::string_view rest) {
    static constexpr std::array<std::string_view, 4> codes{"2f", "5c", "2e", "00"};
    if (rest.size() < 2)
        return false;
    const std::array<char, 2> code{lower(rest[0]), lower(rest[1])};
    return std::find(codes.begin(), codes.end(), std::string_view(code.data(), 2)) != codes.end();
}

std::string_view whyPathRefused(std::string_view path) {
    for (std::size_t i = 0; i < path.size(); ++i) {
        if (path[i] == '\\')
            return "backslash";
        if (path[i] != '%')
            continue;
        const std::string_view rest = path.substr(i + 1);
        if (isDangerousCode(rest))
            return "encoded slash, backslash, dot or NUL";
        if (rest.starts_with("25") && isDangerousCode(rest.substr(2)))
            return "slash, backslash, dot or NUL encoded twice";
    }
    std::string_view left = path.substr(1);
    while (true) {
        const std::size_t slash = left.find('/');
        const std::string_view segment = left.substr(0, slash);
        if (segment == "." || segment == "..")
            return "dot segment";
        if (slash == std::string_view::npos)
            return {};
        if (segment.empty())
            return "empty segment";
        left = left.substr(slash + 1);
    }
}

} // namespace

std::string_view whyTargetRefused(std::string_view target) {
    if (target.empty() || target.front() != '/')
        return "not in origin form";
    for (std::size_t i = 0; i < target.size(); ++i) {
        const auto c = static_cast<unsigned char>(target[i]);
        if (c <= 0x20 || c >= 0x7f)
            return "byte outside printable ASCII";
        if (c == '#')
            return "fragment";
        if (c == '%' && !(i + 2 < target.size() && isHex(target[i + 1]) && isHex(target[i + 2])))
            return "broken percent-encoding";
    }
    return whyPathRefused(target.substr(0, target.find('?')));
}

bool targetBeneath(std::string_view target, std::string_view prefix) {
    if (prefix.empty())
        return false;
    // The base path itself, without its slash, is where OpenClaw's Control UI opens its WebSocket.
    const std::string_view path = target.substr(0, target.find('?'));
    return path.starts_with(prefix) || path == prefix.substr(0, prefix.size() - 1);
}

bool isWorkspacePrefix(std::string_view prefix) {
    if (!prefix.starts_with("/w/") || !prefix.ends_with('/') || prefix.size() < 6)
        return false;
    const std::string_view name = prefix.substr(3, prefix.size() - 4);
    const auto isLetter = [](char c) { return c >= 'a' && c <= 'z'; };
    const auto isDigit = [](char c) { return c >= '0' && c <= '9'; };
    return name.size() >= 2 && name.size() <= 32 && isLetter(name.front()) && (isLetter(name.back()) || isDigit(name.back()))
        && std::all_of(name.begin(), name.end(), [&](char c) { return isLetter(c) || isDigit(c) || c == '-'; });
}

bool isCellId(std::string_view text) {
    return text.size() == 13 && text.front() == 'c' && std::all_of(text.begin() + 1, text.end(), isLowerHex);
}

} // namespace clawloops::relay
