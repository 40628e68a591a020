// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "stream/message_reader.h"

#include <string>
#include <string_view>
#include <vector>

namespace clawloops::fuzz {

// One HTTP message as MessageReader saw it; only one of the heads is filled.
struct Message {
    stream::RequestHead request;
    stream::ResponseHead response;
    std::string body;
    stream::Fault bodyFault = stream::Fault::None;
};
struct Conversation {
    std::vector<Message> messages;
    stream::Fault end = stream::Fault::None; // why no further head was read
};

inline constexpr std::size_t headLimit = 4096;

// Everything that the bytes hold, one message after another, arriving in pieces of that length.
Conversation readAll(stream::MessageReader::Side side, std::string_view bytes, std::size_t piece);
// Aborts where two readings of the same bytes differ in more than the kind of fault.
void requireSame(const Conversation& a, const Conversation& b);
// One input as a peer of that side sends it, read whole and in pieces: aborts where the two differ or a head is not sound.
void takeMessages(stream::MessageReader::Side side, std::string_view input);
// Aborts where the head, written anew, is not read as exactly this one head again.
void requireRoundTrip(const Message& message, stream::MessageReader::Side side);

} // namespace clawloops::fuzz
