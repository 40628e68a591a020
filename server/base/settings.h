// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace clawloops {

enum class SettingType { Text, Path, Port, Integer, Number, Flag, Choice, List };

// One row of the only table of settings; resources/docs/settings.md is this table as text, and a test compares the two.
struct Setting {
    std::string_view section;
    std::string_view key;
    SettingType type = SettingType::Text;
    std::string_view fallback; // as it would stand in the file; empty = chosen at start, as `meaning` says
    std::string_view meaning;
    double least = 0; // numbers only
    double most = 0;
    std::string_view choices = {}; // Choice only: "auto runc crun"
};

[[nodiscard]] std::span<const Setting> settingsTable();
[[nodiscard]] std::string settingsPage(); // the Markdown of resources/docs/settings.md

// The settings of one start: defaults, then the file (INI), then `section.key=value` overrides. Every value was checked
// against its type when it was read; an unknown section or key is an error that names the line and the nearest known one.
// An immutable value, usable from any thread. Reading a key that is not in the table asserts.
class Settings {
public:
    [[nodiscard]] static Result<Settings> parse(std::string_view text, std::string_view fileName,
                                                const std::vector<std::string>& overrides);
    // A file that is not there counts as empty.
    [[nodiscard]] static Result<Settings> load(const std::filesystem::path& file, const std::vector<std::string>& overrides);

    [[nodiscard]] std::string text(std::string_view name) const; // "ports.portal"
    [[nodiscard]] std::int64_t integer(std::string_view name) const;
    [[nodiscard]] double number(std::string_view name) const;
    [[nodiscard]] bool flag(std::string_view name) const;
    [[nodiscard]] std::vector<std::string> list(std::string_view name) const; // comma separated, blanks cut
    [[nodiscard]] bool isSet(std::string_view name) const { return !text(name).empty(); }

private:
    [[nodiscard]] Status put(std::string_view name, std::string_view value, const std::string& where);
    std::map<std::string, std::string, std::less<>> m_values; // only what was given
};

} // namespace clawloops
