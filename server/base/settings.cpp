// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/settings.h"

#include "base/edit_distance.h"
#include "base/files.h"

#include <algorithm>
#include <boost/property_tree/ini_parser.hpp>
#include <boost/property_tree/ptree.hpp>
#include <cassert>
#include <charconv>
#include <cmath>
#include <limits>
#include <sstream>

namespace clawloops {

namespace {
std::string fullName(const Setting& setting) { return std::string(setting.section) + "." + std::string(setting.key); }

const Setting* find(std::string_view name) {
    for (const Setting& setting : settingsTable())
        if (fullName(setting) == name)
            return &setting;
    return nullptr;
}

std::string nearest(std::string_view name) {
    std::string best;
    std::size_t bestDistance = std::numeric_limits<std::size_t>::max();
    for (const Setting& setting : settingsTable()) {
        // A right key in the wrong section is the commonest mistake.
        const bool sameKey = name.substr(name.find('.') + 1) == setting.key;
        const std::size_t distance = sameKey ? 1 : editDistance(name, fullName(setting));
        if (distance < bestDistance) {
            bestDistance = distance;
            best = fullName(setting);
        }
    }
    return best;
}

std::string trimmed(std::string_view text) {
    const auto first = text.find_first_not_of(" \t\r");
    const auto last = text.find_last_not_of(" \t\r");
    return first == std::string_view::npos ? std::string() : std::string(text.substr(first, last - first + 1));
}

// The property tree does not keep lines; this finds the one a message has to name.
std::size_t lineOf(std::string_view text, std::string_view section, std::string_view key) {
    std::istringstream lines{std::string(text)};
    std::string current;
    std::string line;
    for (std::size_t number = 1; std::getline(lines, line); ++number) {
        line = trimmed(line);
        if (line.starts_with('[') && line.ends_with(']')) {
            current = trimmed(std::string_view(line).substr(1, line.size() - 2));
            if (key.empty() && current == section)
                return number;
        } else if (current == section && trimmed(line.substr(0, line.find('='))) == key) {
            return number;
        }
    }
    return 0;
}

Error wrong(std::string message) { return Error{ErrorCode::InvalidRequest, std::move(message), {}}; }

std::string complaint(const Setting& setting, const std::string& value) {
    const auto range = [&] {
        std::ostringstream out;
        out << "from " << setting.least << " to " << setting.most;
        return out.str();
    };
    const char* end = value.data() + value.size();
    switch (setting.type) {
    case SettingType::Text:
    case SettingType::List:
        return value.find_first_of("\"'\\`\n\r\t") == std::string::npos ? "" : "must not contain quotes, backslashes or tabs";
    case SettingType::Path:
        return value.empty() || value.starts_with('/') ? "" : "must be a path that starts with /";
    case SettingType::Port:
    case SettingType::Integer: {
        std::int64_t number = 0;
        const auto [stop, problem] = std::from_chars(value.data(), end, number);
        const bool fits = problem == std::errc() && stop == end && static_cast<double>(number) >= setting.least &&
                          static_cast<double>(number) <= setting.most;
        return fits ? "" : "must be a whole number " + range();
    }
    case SettingType::Number: {
        double number = 0;
        const auto [stop, problem] = std::from_chars(value.data(), end, number);
        return problem == std::errc() && stop == end && number >= setting.least && number <= setting.most
            ? "" : "must be a number " + range();
    }
    case SettingType::Flag:
        return value == "true" || value == "false" ? "" : "must be true or false";
    case SettingType::Choice: {
        std::istringstream words{std::string(setting.choices)};
        for (std::string word; words >> word;)
            if (word == value)
                return "";
        return "must be one of: " + std::string(setting.choices);
    }
    }
    return "";
}
}

Status Settings::put(std::string_view name, std::string_view given, const std::string& where) {
    const Setting* setting = find(name);
    if (!setting)
        return wrong(where + ": there is no setting \"" + std::string(name) + "\"; did you mean \"" + nearest(name) + "\"?");
    const std::string value = trimmed(given);
    const bool unset = value.empty() && setting->fallback.empty();
    const std::string problem = unset ? "" : complaint(*setting, value);
    if (!problem.empty())
        return wrong(where + ": " + std::string(name) + " " + problem + ", and is \"" + value + "\".");
    m_values[std::string(name)] = value;
    return {};
}

Result<Settings> Settings::parse(std::string_view text, std::string_view fileName, const std::vector<std::string>& overrides) {
    namespace tree = boost::property_tree;
    Settings settings;
    tree::ptree parsed;
    try {
        std::istringstream stream{std::string(text)};
        tree::read_ini(stream, parsed);
    } catch (const tree::ini_parser_error& problem) {
        return wrong(std::string(fileName) + ", line " + std::to_string(problem.line()) + ": " + problem.message() + ".");
    }
    for (const auto& [section, keys] : parsed) {
        const auto place = [&](std::string_view inSection, std::string_view key) {
            return std::string(fileName) + ", line " + std::to_string(lineOf(text, inSection, key));
        };
        if (keys.empty() && !keys.data().empty())
            return wrong(place("", section) + ": \"" + section + "\" stands outside of any [section]; did you mean \"" +
                         nearest(section) + "\"?");
        for (const auto& [key, value] : keys)
            if (Status done = settings.put(section + "." + key, value.data(), place(section, key)); !done)
                return done.error();
    }
    for (const std::string& entry : overrides) {
        const auto equals = entry.find('=');
        if (equals == std::string::npos)
            return wrong("--set " + entry + ": it must read section.key=value.");
        if (Status done = settings.put(entry.substr(0, equals), entry.substr(equals + 1), "--set " + entry); !done)
            return done.error();
    }
    return settings;
}

Result<Settings> Settings::load(const std::filesystem::path& file, const std::vector<std::string>& overrides) {
    std::error_code ignored;
    if (!std::filesystem::exists(std::filesystem::symlink_status(file, ignored)))
        return parse({}, file.string(), overrides);
    auto text = readFile(file);
    if (!text)
        return text.error();
    return parse(*text, file.string(), overrides);
}

std::string Settings::text(std::string_view name) const {
    const Setting* setting = find(name);
    assert(setting && "a setting that is not in the table");
    const auto found = m_values.find(name);
    return found == m_values.end() ? std::string(setting->fallback) : found->second;
}

std::int64_t Settings::integer(std::string_view name) const {
    const std::string value = text(name);
    std::int64_t number = 0;
    std::from_chars(value.data(), value.data() + value.size(), number);
    return number;
}

double Settings::number(std::string_view name) const {
    const std::string value = text(name);
    double number = 0;
    std::from_chars(value.data(), value.data() + value.size(), number);
    return number;
}

bool Settings::flag(std::string_view name) const { return text(name) == "true"; }

std::vector<std::string> Settings::list(std::string_view name) const {
    std::vector<std::string> parts;
    std::istringstream stream{text(name)};
    for (std::string part; std::getline(stream, part, ',');)
        if (part = trimmed(part); !part.empty())
            parts.push_back(part);
    return parts;
}

} // namespace clawloops
