// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The settings file and what the programs take on their command lines.
#include "fuzz.h"

#include "base/settings.h"
#include "cell/options.h"
#include "model/target_url.h"

#include <string>
#include <vector>

namespace clawloops::fuzz {

void take(std::string_view input) {
    if (input.empty())
        return;
    const std::string_view rest = input.substr(1);
    const bool asOverride = input.front() == 'o';
    const auto settings = asOverride ? Settings::parse({}, "test.conf", {std::string(rest)}) : Settings::parse(rest, "test.conf", {});
    if (settings) {
        for (const Setting& row : settingsTable()) {
            const std::string name = std::string(row.section) + '.' + std::string(row.key);
            if (!settings->isSet(name))
                continue;
            if (row.type == SettingType::Port || row.type == SettingType::Integer) {
                const auto number = static_cast<double>(settings->integer(name));
                require(number >= row.least && number <= row.most, "an accepted number is within its bounds");
            } else if (row.type == SettingType::Number) {
                require(settings->number(name) >= row.least && settings->number(name) <= row.most, "a number within its bounds");
            } else if (row.type == SettingType::Flag) {
                static_cast<void>(settings->flag(name));
            } else if (row.type == SettingType::List) {
                static_cast<void>(settings->list(name));
            }
        }
    } else {
        require(!settings.error().message.empty(), "a refusal says why");
    }

    std::vector<std::string> arguments(1);
    for (const char c : rest) {
        if (c == '\n')
            arguments.emplace_back();
        else
            arguments.back() += c;
    }
    std::string error;
    const auto options = cell::parseOptions(arguments, error);
    require(options ? !options->command.empty() : !error.empty(), "a command, or a reason");

    if (const auto url = model::parseTargetUrl(rest)) {
        require(url->isLocal() ? url->socketPath.front() == '/' : !url->host.empty() && url->port != 0, "an address one can connect to");
        require(url->hostField().find_first_of(" \r\n\t") == std::string::npos, "a Host field of one line");
        require(url->pathFor(model::Endpoint::ChatCompletions).find_first_of(" \r\n\t?#") == std::string::npos, "a plain path");
    }
}

} // namespace clawloops::fuzz
