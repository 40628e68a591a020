// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The members that the gateway picks out of an answer without keeping it, against a whole JSON parser.
#include "fuzz.h"

#include "base/json.h"
#include "gateway/json_skimmer.h"

#include <string>

namespace clawloops::fuzz {
namespace {

using Slot = gateway::JsonSkimmer::Slot;

std::string skimmed(std::string_view text, std::size_t piece, Slot slot, bool& whole) {
    gateway::JsonSkimmer skimmer;
    Pieces{piece, text}.feed([&](std::string_view part) { skimmer.push(part); });
    whole = skimmer.whole();
    return std::string(skimmer.text(slot));
}

void requirePicked(const json::object& object, std::string_view name, std::string_view text, std::size_t piece, Slot slot) {
    bool whole = false;
    const std::string picked = skimmed(text, piece, slot, whole);
    require(whole, "a whole value is known as one");
    const json::value* member = object.if_contains(name);
    require(picked == (member ? json::serialize(*member) : std::string()), "the member as it stands there");
}

} // namespace

void take(std::string_view input) {
    const Pieces pieces = Pieces::of(input);
    bool one = false;
    bool two = false;
    require(skimmed(pieces.bytes, pieces.bytes.size() + 1, Slot::Usage, one) == skimmed(pieces.bytes, pieces.length, Slot::Usage, two)
                && one == two,
            "the same in pieces");
    json::error_code problem;
    const json::value value = json::parse(pieces.bytes, problem);
    if (problem || !value.is_object() || pieces.bytes.size() > 8000)
        return;
    // Without members given twice, which readers take differently.
    const std::string text = json::serialize(value);
    const json::object& object = value.get_object();
    requirePicked(object, "id", text, pieces.length, Slot::Id);
    requirePicked(object, "usage", text, pieces.length, Slot::Usage);
    requirePicked(object, "error", text, pieces.length, Slot::Error);
    const json::value* response = object.if_contains("response");
    if (response && response->is_object())
        requirePicked(response->get_object(), "usage", text, pieces.length, Slot::ResponseUsage);
    const json::value* message = object.if_contains("message");
    if (message && message->is_object())
        requirePicked(message->get_object(), "id", text, pieces.length, Slot::MessageId);
}

} // namespace clawloops::fuzz
