// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The control sockets' lines: cut out of a stream in pieces of any length, read as requests and as answers.
#include "fuzz.h"

#include "wire/control.h"

#include <string>
#include <vector>

namespace clawloops::fuzz {
namespace {

std::vector<std::string> linesOf(const Pieces& pieces) {
    control::LineSplitter splitter;
    std::vector<std::string> lines;
    pieces.feed([&](std::string_view piece) {
        require(splitter.push(piece), "nothing here is too long");
        while (auto line = splitter.next())
            lines.push_back(std::move(*line));
    });
    return lines;
}

void requireOneLine(std::string text) {
    require(text.ends_with('\n') && text.find('\n') == text.size() - 1, "an encoded message is one line");
}

} // namespace

void take(std::string_view input) {
    const Pieces pieces = Pieces::of(input);
    const auto lines = linesOf(pieces);
    require(lines == linesOf({pieces.bytes.size() + 1, pieces.bytes}), "the same lines, however they arrive");
    for (const std::string& line : lines) {
        const auto request = control::parseRequest(line);
        if (const auto* asked = std::get_if<control::Request>(&request)) {
            const std::string text = encode(*asked);
            requireOneLine(text);
            const auto again = control::parseRequest(std::string_view(text).substr(0, text.size() - 1));
            const auto* same = std::get_if<control::Request>(&again);
            require(same && same->id == asked->id && same->verb == asked->verb && same->rid == asked->rid && same->args == asked->args,
                    "a request survives writing");
        }
        const auto answer = control::parseAnswer(line);
        if (!answer)
            continue;
        const std::string text = std::visit([](const auto& value) { return encode(value); }, *answer);
        requireOneLine(text);
        require(static_cast<bool>(control::parseAnswer(std::string_view(text).substr(0, text.size() - 1))), "an answer survives writing");
    }
}

} // namespace clawloops::fuzz
