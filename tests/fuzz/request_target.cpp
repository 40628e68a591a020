// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
// What the relay lets through to a cell: a path that is accepted must be the same path for every reader, however it decodes it.
#include "fuzz.h"

#include "relay/target.h"

#include <string>
#include <vector>

namespace clawloops::fuzz {
namespace {

int digit(char c) {
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

std::string decoded(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '%' && i + 2 < text.size() && digit(text[i + 1]) >= 0 && digit(text[i + 2]) >= 0) {
            out += static_cast<char>(digit(text[i + 1]) * 16 + digit(text[i + 2]));
            i += 2;
        } else {
            out += text[i];
        }
    }
    return out;
}

// As a careless file server or router takes a path: backslashes are slashes, doubled ones are one, dots are walked.
std::string walked(std::string_view path) {
    std::vector<std::string> parts;
    std::string part;
    for (const char c : std::string(path) + '/') {
        if (c != '/' && c != '\\') {
            part += c;
            continue;
        }
        if (part == "..") {
            if (!parts.empty())
                parts.pop_back();
        } else if (!part.empty() && part != ".") {
            parts.push_back(part);
        }
        part.clear();
    }
    std::string out = "/";
    for (const std::string& one : parts)
        out += one + '/';
    return out;
}

} // namespace

void take(std::string_view input) {
    constexpr std::string_view prefix = "/w/alice/";
    require(!relay::isWorkspacePrefix(input) || input.find_first_of("%\\. \r\n") == std::string_view::npos, "a prefix is plain");
    if (!relay::whyTargetRefused(input).empty())
        return;
    for (const char c : input)
        require(c > ' ' && c < 0x7f, "an accepted target is printable");
    if (!relay::targetBeneath(input, prefix))
        return;
    const std::string path(input.substr(0, input.find('?')));
    require(walked(path).starts_with(prefix), "it stays beneath the prefix as it is");
    require(walked(decoded(path)).starts_with(prefix), "it stays beneath the prefix decoded once");
    require(walked(decoded(decoded(path))).starts_with(prefix), "it stays beneath the prefix decoded twice");
}

} // namespace clawloops::fuzz
