// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/json.h"
#include "base/result.h"

#include <string>
#include <string_view>
#include <vector>

// Lists in what crosses a boundary, read with the same strictness as ObjectReader's members.
namespace clawloops::detail {

[[nodiscard]] inline json::array toArray(const std::vector<std::string>& texts) {
    json::array array;
    for (const std::string& text : texts)
        array.emplace_back(text);
    return array;
}

[[nodiscard]] inline std::vector<std::string> readTexts(ObjectReader& reader, std::string_view name) {
    std::vector<std::string> texts;
    for (const json::value& value : reader.array(name)) {
        if (value.is_string())
            texts.emplace_back(value.get_string());
        else
            reader.fail("\"" + std::string(name) + "\" must hold texts only.");
    }
    return texts;
}

// Reads each element of an array of objects with `read`; the first error ends it.
template <class T, class Read> [[nodiscard]] Result<std::vector<T>> readObjects(ObjectReader& reader, std::string_view name, Read read) {
    std::vector<T> items;
    for (const json::value& value : reader.array(name)) {
        if (!value.is_object())
            return Error{ErrorCode::InvalidRequest, "\"" + std::string(name) + "\" must hold objects only.", {}};
        auto item = read(value.get_object());
        if (!item)
            return item.error();
        items.push_back(std::move(*item));
    }
    return items;
}

} // namespace clawloops::detail
