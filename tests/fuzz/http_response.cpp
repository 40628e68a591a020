// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
// HTTP heads and bodies as cells and model servers answer them.
#include "fuzz.h"
#include "messages.h"

namespace clawloops::fuzz {

void take(std::string_view input) {
    constexpr auto side = stream::MessageReader::Side::Responses;
    const Pieces pieces = Pieces::of(input);
    const Conversation whole = readAll(side, pieces.bytes, pieces.bytes.size() + 1);
    requireSame(whole, readAll(side, pieces.bytes, pieces.length));
    for (const Message& message : whole.messages) {
        requireRoundTrip(message, side);
        const stream::Fields& fields = message.response.fields;
        require(fields.count("Content-Length") <= 1, "one Content-Length at most");
        require(!(fields.has("Content-Length") && fields.has("Transfer-Encoding")), "never both framings");
        for (const stream::Field& field : fields)
            require(field.value.find_first_of(std::string_view("\r\n\0", 3)) == std::string::npos, "no line end or NUL in a value");
    }
}

} // namespace clawloops::fuzz
