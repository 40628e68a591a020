// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "options.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <map>
#include <string>
#include <string_view>

namespace clawloops::relay {

namespace {

constexpr std::array<std::string_view, 11> names{"--data",      "--run",       "--listen",      "--cert",           "--key",
                                                 "--client-ca", "--grant-key", "--control-uid", "--portal-port", "--workspace-port",
                                                 "--log-level"};

Error wrong(std::string message) {
    return {ErrorCode::InvalidRequest, std::move(message), {}};
}

template <class Number> bool readNumber(std::string_view text, Number& number) {
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
    return !text.empty() && problem == std::errc() && end == text.data() + text.size();
}

} // namespace

Result<CommandLine> parseCommandLine(int count, char** arguments) {
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
    for (const std::string_view name : names)
        if (!given.contains(name) && name != "--log-level")
            return wrong("The flag " + std::string(name) + " is missing.");
    CommandLine line;
    RelayOptions& options = line.relay;
    options.data = given["--data"];
    options.run = given["--run"];
    const std::string& listen = given["--listen"];
    const std::size_t colon = listen.rfind(':');
    if (colon == std::string::npos || !readNumber(std::string_view(listen).substr(colon + 1), options.port))
        return wrong("--listen must be ADDRESS:PORT, like 127.0.0.1:18444.");
    options.address = listen.substr(0, colon);
    options.tls.certificate = given["--cert"];
    options.tls.key = given["--key"];
    options.tls.clientCa = given["--client-ca"];
    options.grantKey = given["--grant-key"];
    std::uint16_t workspacePort = 0; // told to every program alike; a grant names the host with its port
    if (!readNumber(given["--control-uid"], options.controlUid))
        return wrong("--control-uid must be a number.");
    if (!readNumber(given["--portal-port"], options.portalPort) || !readNumber(given["--workspace-port"], workspacePort))
        return wrong("--portal-port and --workspace-port must be port numbers.");
    const std::string level = given.contains("--log-level") ? given["--log-level"] : "info";
    if (level != "info" && level != "debug")
        return wrong("--log-level must be info or debug.");
    line.debug = level == "debug";
    return line;
}

} // namespace clawloops::relay
