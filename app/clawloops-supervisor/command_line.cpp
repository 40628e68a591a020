// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "command_line.h"

#include "supervisor/places.h"

#include <set>

namespace clawloops::supervisor {

std::variant<CommandLine, Refusal> parseCommandLine(const std::vector<std::string>& arguments) {
    static const std::set<std::string> commands{"run", "check", "status", "stop", "settings"};
    if (arguments.empty() || !commands.contains(arguments[0]))
        return Refusal{wrongSettings, (arguments.empty() ? std::string("A command is missing") : "There is no command \"" + arguments[0] + "\"") +
                                          ": use run, check, status, stop or settings."};
    CommandLine line{arguments[0], false, {}, {}};
    std::vector<std::string> overrides;
    std::filesystem::path file;
    std::filesystem::path data = defaultDataDirectory();
    for (std::size_t i = 1; i < arguments.size(); ++i) {
        const std::string& flag = arguments[i];
        if (flag == "--json" && line.command == "status") {
            line.json = true;
            continue;
        }
        if (flag != "--data" && flag != "--settings" && flag != "--set")
            return Refusal{wrongSettings, "There is no flag \"" + flag + "\" for " + line.command + ": use --data, --settings or --set section.key=value."};
        if (i + 1 == arguments.size())
            return Refusal{wrongSettings, flag + " needs a value."};
        const std::string& value = arguments[++i];
        if (flag == "--set")
            overrides.push_back(value);
        else if (flag == "--settings")
            file = value;
        else
            overrides.push_back("paths.data=" + value);
        constexpr std::string_view dataKey = "paths.data=";
        if (flag != "--settings" && overrides.back().starts_with(dataKey))
            data = overrides.back().substr(dataKey.size());
    }
    line.settingsFile = file.empty() ? data / "clawloops.conf" : file;
    std::error_code problem;
    if (!file.empty() && !std::filesystem::exists(file, problem))
        return Refusal{wrongSettings, "The settings file " + file.string() + " is not there."};
    auto settings = Settings::load(line.settingsFile, overrides);
    if (!settings)
        return refusalFor(settings.error());
    line.settings = std::move(*settings);
    return line;
}

} // namespace clawloops::supervisor
