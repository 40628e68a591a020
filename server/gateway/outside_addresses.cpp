// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/outside_addresses.h"

#include <algorithm>
#include <array>

namespace clawloops::gateway {
namespace {

using Name = std::string_view;

constexpr std::array contentNames{Name("messages"), Name("input"), Name("system"), Name("prompt")};
constexpr std::array addressNames{Name("url"), Name("image_url"), Name("file_url"), Name("video_url"), Name("audio_url")};
constexpr std::array holderNames{Name("content"), Name("output"), Name("source"), Name("file"), Name("image"),
                                 Name("video"), Name("audio"), Name("input_audio")};

template <std::size_t N> bool holds(const std::array<Name, N>& names, Name name) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

bool isInline(std::string_view address) {
    return address.starts_with("data:");
}

Place ofRequest(Name name) {
    if (holds(contentNames, name))
        return Place::Content;
    if (name == "tools")
        return Place::Tools;
    if (name == "model")
        return Place::Model;
    return name == "stream" ? Place::Stream : Place::Free;
}

// Whatever the part's type says: a server may well not look at the type.
Place ofPart(Name name) {
    if (holds(addressNames, name))
        return Place::Address;
    if (holds(holderNames, name))
        return Place::Content;
    return name == "input" ? Place::Arguments : Place::Free;
}

} // namespace

Place placeOfMember(Place object, std::string_view name) {
    switch (object) {
    case Place::Request: return ofRequest(name);
    case Place::Content:
    case Place::Part:
    case Place::Address: return ofPart(name);
    case Place::Tool: return name == "type" ? Place::ToolType : Place::Free;
    default: return Place::Free;
    }
}

Place placeOfElement(Place list) {
    switch (list) {
    case Place::Content:
    case Place::Part:
    case Place::Arguments: return Place::Part;
    case Place::Address: return Place::Address;
    case Place::Tools: return Place::Tool;
    default: return Place::Free;
    }
}

std::string_view whyTextRefused(Place place, std::string_view beginning) {
    if (place == Place::Address && !isInline(beginning))
        return "This appliance fetches nothing that a request names by address; send the content itself as a data: URL.";
    if (place == Place::ToolType && beginning.starts_with("mcp"))
        return "Tools of the type \"mcp\" are not available here: the model server connects to nothing.";
    return {};
}

} // namespace clawloops::gateway
