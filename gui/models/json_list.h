// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/json.h"

#include <QStringList>
#include <vector>

namespace clawloops::gui {

// {"items":[…]} of what `T::read(const json::object&)` reads; the first that cannot be read fails the whole.
template <class T> [[nodiscard]] Result<std::vector<T>> readItems(const json::object& answer, std::string_view what) {
    std::vector<T> all;
    ObjectReader reader(answer, what);
    for (const json::value& value : reader.array("items")) {
        if (!value.is_object())
            return Error{ErrorCode::Internal, "The " + std::string(what) + " holds something that is no object.", {}};
        auto one = T::read(value.get_object());
        if (!one)
            return one.error();
        all.push_back(std::move(*one));
    }
    if (reader.failed())
        return reader.finish().error();
    return all;
}

// A text that may be absent or null: empty then.
[[nodiscard]] inline QString textOf(const json::object& object, std::string_view name) {
    const json::value* value = object.if_contains(name);
    return value && value->is_string() ? QString::fromUtf8(value->get_string().data(), qsizetype(value->get_string().size())) : QString();
}
[[nodiscard]] inline QStringList textsOf(const json::object& object, std::string_view name) {
    QStringList texts;
    if (const json::value* value = object.if_contains(name); value && value->is_array())
        for (const json::value& one : value->get_array())
            if (one.is_string())
                texts += QString::fromUtf8(one.get_string().data(), qsizetype(one.get_string().size()));
    return texts;
}
[[nodiscard]] inline qint64 numberOf(const json::object& object, std::string_view name) {
    const json::value* value = object.if_contains(name);
    return value && value->is_int64() ? value->get_int64() : 0;
}
[[nodiscard]] inline bool flagOf(const json::object& object, std::string_view name) {
    const json::value* value = object.if_contains(name);
    return value && value->is_bool() && value->get_bool();
}

} // namespace clawloops::gui
