// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "options.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <map>
#include <string>
#include <string_view>

namespace clawloops::gateway {
namespace {

constexpr std::array names{std::string_view("--data"),        std::string_view("--run"),       std::string_view("--listen"),
                           std::string_view("--cert"),        std::string_view("--key"),       std::string_view("--client-ca"),
                           std::string_view("--litellm-key"), std::string_view("--control-uid"), std::string_view("--log-level")};

Error wrong(std::string message) {
    return {ErrorCode::InvalidRequest, std::move(message), {}};
}

template <class Number> bool readNumber(std::string_view text, Number& number) {
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
    return !text.empty() && problem == std::errc() && end == text.data() + text.size();
}

} // namespace

Result<Options> parseOptions(int count, char** arguments) {
    std::map<std::string_view, std::string> given;
    for (int i = 1; i < count; i += 2) {
        const std::string_view name = arguments[i];
        if (std::find(names.begin(), names.end(), name) == names.end())
            return wrong("The flag \"" + std::string(name) + "\" is unknown; internals.md lists the flags.");
        if (i + 1 >= count)
            return wrong("The flag " + std::string(name) + " lacks its value.");
        if (!given.emplace(name, arguments[i + 1]).second)
            return wrong("The flag " + std::string(name) + " is given twice.");
    }
    for (const std::string_view name : names) {
        if (!given.contains(name) && name != "--log-level")
            return wrong("The flag " + std::string(name) + " is missing.");
    }
    Options options;
    options.config.data = given["--data"];
    options.config.run = given["--run"];
    const std::string& listen = given["--listen"];
    const std::size_t colon = listen.rfind(':');
    if (colon == std::string::npos || !readNumber(std::string_view(listen).substr(colon + 1), options.config.listenPort))
        return wrong("--listen must be ADDRESS:PORT, like 127.0.0.1:18445.");
    options.config.listenAddress = listen.substr(0, colon);
    options.config.tls = {given["--cert"], given["--key"], given["--client-ca"]};
    options.liteLlmKeyFile = given["--litellm-key"];
    if (!readNumber(given["--control-uid"], options.config.controlUid))
        return wrong("--control-uid must be a number.");
    const std::string level = given.contains("--log-level") ? given["--log-level"] : "info";
    if (level != "info" && level != "debug")
        return wrong("--log-level must be info or debug.");
    options.debug = level == "debug";
    return options;
}

} // namespace clawloops::gateway
