// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/outside_addresses.h"

#include <array>

namespace clawloops::gateway {
namespace {

namespace dom = simdjson::dom;

constexpr std::array addressNames{std::string_view("url"), std::string_view("image_url"), std::string_view("file_url"),
                                  std::string_view("video_url"), std::string_view("audio_url")};
constexpr std::array holderNames{std::string_view("content"), std::string_view("output"), std::string_view("source"), std::string_view("file"), std::string_view("image"),
                                 std::string_view("video"), std::string_view("audio"), std::string_view("input_audio")};

template <std::size_t N> bool holds(const std::array<std::string_view, N>& names, std::string_view name) {
    for (const std::string_view one : names) {
        if (one == name)
            return true;
    }
    return false;
}

bool isInline(std::string_view address) {
    return address.starts_with("data:");
}

bool partIsInline(const dom::element& part);

bool listIsInline(const dom::element& list) {
    dom::array items;
    if (list.get(items) != simdjson::SUCCESS)
        return true; // plain text
    for (const dom::element item : items) {
        if (!partIsInline(item))
            return false;
    }
    return true;
}

// The members of an object that hold content, whatever its type says: a server may well not look at the type.
bool partIsInline(const dom::element& part) {
    dom::object object;
    if (part.get(object) != simdjson::SUCCESS)
        return true;
    for (const auto field : object) {
        std::string_view text;
        if (holds(addressNames, field.key)) {
            if (field.value.get(text) == simdjson::SUCCESS ? !isInline(text) : !partIsInline(field.value))
                return false;
        } else if (holds(holderNames, field.key)) {
            if (!partIsInline(field.value) || !listIsInline(field.value))
                return false;
        } else if (field.key == "input" && !listIsInline(field.value)) { // as an object it is a tool call's arguments
            return false;
        }
    }
    return true;
}

bool connectsSomewhere(const dom::element& tools) {
    dom::array items;
    if (tools.get(items) != simdjson::SUCCESS)
        return false;
    for (const dom::element item : items) {
        std::string_view type;
        if (item["type"].get(type) == simdjson::SUCCESS && type.starts_with("mcp"))
            return true;
    }
    return false;
}

} // namespace

Status refuseOutsideAddresses(std::string_view member, const dom::element& value) {
    if ((member == "messages" || member == "input" || member == "system" || member == "prompt") &&
        (!listIsInline(value) || !partIsInline(value)))
        return Error{ErrorCode::InvalidRequest,
                     "This appliance fetches nothing that a request names by address; send the content itself as a data: URL.",
                     {}};
    if (member == "tools" && connectsSomewhere(value))
        return Error{ErrorCode::InvalidRequest,
                     "Tools of the type \"mcp\" are not available here: the model server connects to nothing.", {}};
    return {};
}

} // namespace clawloops::gateway
