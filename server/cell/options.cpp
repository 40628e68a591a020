// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cell/options.h"

#include <charconv>

namespace clawloops::cell {

std::optional<Endpoint> parseEndpoint(std::string_view text) {
    if (text.starts_with("unix:/") && text.size() < 100) // sun_path holds 107 characters
        return Endpoint{std::string(text.substr(5)), 0};
    if (!text.starts_with("tcp:"))
        return std::nullopt;
    text.remove_prefix(4);
    std::uint16_t port = 0;
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), port);
    if (failure != std::errc() || end != text.data() + text.size() || port == 0)
        return std::nullopt;
    return Endpoint{{}, port};
}

std::optional<Options> parseOptions(const std::vector<std::string>& arguments, std::string& error) {
    Options options;
    std::size_t at = 0;
    for (; at < arguments.size() && arguments[at] != "--"; ++at) {
        if (arguments[at] != "--join" || at + 1 >= arguments.size()) {
            error = "unknown argument \"" + arguments[at] + "\": use --join LISTEN=CONNECT and, after --, the program";
            return std::nullopt;
        }
        const std::string_view join = arguments[++at];
        const auto middle = join.find('=');
        const auto listen = parseEndpoint(join.substr(0, middle));
        const auto target = middle == join.npos ? std::nullopt : parseEndpoint(join.substr(middle + 1));
        if (!listen || !target) {
            error = "--join " + std::string(join) + " is not LISTEN=CONNECT with unix:/path or tcp:PORT on both sides";
            return std::nullopt;
        }
        options.joins.push_back({*listen, *target});
    }
    if (at + 1 >= arguments.size()) {
        error = "no program to start: name it after --";
        return std::nullopt;
    }
    options.command.assign(arguments.begin() + static_cast<std::ptrdiff_t>(at) + 1, arguments.end());
    return options;
}

} // namespace clawloops::cell
