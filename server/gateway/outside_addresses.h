// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>

namespace clawloops::gateway {

// Model servers and LiteLLM fetch pictures, sounds and files that a message names by address, from where they stand: inside the
// host. A cell has no network, so that would be its way to the LAN. Only data: URLs may be content, and tools that make a
// server connect somewhere (type "mcp") are refused. Arguments of tool calls are left alone: nobody fetches those.
//
// What a value is, by where it stands. An object's members and a list's elements follow from what the object or list is:
//
// | value     | as an object, its members are                                | as a list, its elements are | as a text     |
// |-----------|--------------------------------------------------------------|-----------------------------|---------------|
// | Request   | messages input system prompt: Content; tools: Tools; model … | -                           | -             |
// | Content   | as in Part                                                   | Part                        | said to the model |
// | Part      | url image_url …: Address; content source …: Content; input: Arguments | Part               | said to the model |
// | Address   | as in Part                                                   | Address                     | data: or refused |
// | Arguments | Free (a tool call's)                                         | Part (a list of content)    | Free          |
// | Tools     | Free                                                         | Tool                        | Free          |
// | Tool      | type: ToolType                                               | Free                        | Free          |
// | ToolType  | Free                                                         | Free                        | not "mcp…"    |
enum class Place { Request, Free, Content, Part, Address, Arguments, Tools, Tool, ToolType, Model, Stream };

[[nodiscard]] Place placeOfMember(Place object, std::string_view name);
[[nodiscard]] Place placeOfElement(Place list);
// What is wrong with a text that begins so (its first 8 bytes are enough), standing there; empty: nothing.
[[nodiscard]] std::string_view whyTextRefused(Place place, std::string_view beginning);

} // namespace clawloops::gateway
