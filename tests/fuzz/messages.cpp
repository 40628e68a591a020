// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "messages.h"

#include "fuzz.h"
#include "pieced_transport.h"


namespace clawloops::fuzz {

using stream::Fault;
using stream::Fields;
using stream::Framing;
using stream::MessageReader;
using stream::Task;

namespace {

Task<void> readInto(Conversation& all, MessageReader::Side side, PiecedTransport& transport) {
    stream::InputBuffer input;
    MessageReader reader(side, input, headLimit);
    while (all.end == Fault::None) {
        reader.startMessage();
        const stream::Done head = co_await reader.readHead(transport);
        if (!head) {
            all.end = head.fault;
            break;
        }
        Message& message = all.messages.emplace_back();
        bool more = false;
        if (side == MessageReader::Side::Requests) {
            message.request = reader.takeRequest();
            more = message.request.keepAlive;
        } else {
            message.response = reader.takeResponse();
            more = message.response.keepAlive;
        }
        while (true) {
            const auto piece = co_await reader.readBody(transport);
            message.bodyFault = piece.fault;
            if (!piece || piece.value.empty())
                break;
            message.body += piece.value;
        }
        if (message.bodyFault != Fault::None || !more)
            break;
        require(reader.atEnd(), "a body that ended is at its end");
    }
}

Task<void> readThrough(Conversation& all, MessageReader::Side side, PiecedTransport& transport, bool& done) {
    co_await readInto(all, side, transport); // what it throws leaves `done` as it is
    done = true;
}

bool sameFields(const Fields& a, const Fields& b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [](const auto& x, const auto& y) { return x.name == y.name && x.value == y.value; });
}

void dropFraming(Fields& fields) {
    fields.remove("Content-Length");
    fields.remove("Transfer-Encoding");
    fields.remove("Connection"); // writeHead adds one
}

} // namespace

Conversation readAll(MessageReader::Side side, std::string_view bytes, std::size_t piece) {
    static stream::asio::io_context io(1);
    Conversation all;
    bool done = false;
    {
        PiecedTransport transport(io, bytes, piece);
        stream::spawn(io, readThrough(all, side, transport, done));
        io.restart();
        io.poll();
    }
    require(done, "reading ends when the bytes do");
    return all;
}

void requireSame(const Conversation& a, const Conversation& b) {
    require(a.messages.size() == b.messages.size(), "as many messages, however the bytes arrive");
    require((a.end == Fault::None) == (b.end == Fault::None), "the same end, however the bytes arrive");
    for (std::size_t i = 0; i < a.messages.size(); ++i) {
        const Message& x = a.messages[i];
        const Message& y = b.messages[i];
        require(x.request.method == y.request.method && x.request.target == y.request.target, "the same request line");
        require(x.response.status == y.response.status, "the same status");
        require(sameFields(x.request.fields, y.request.fields), "the same request fields");
        require(sameFields(x.response.fields, y.response.fields), "the same response fields");
        require(x.request.framing.kind == y.request.framing.kind && x.response.framing.kind == y.response.framing.kind, "the same framing");
        require((x.bodyFault == Fault::None) == (y.bodyFault == Fault::None), "the same end of the body");
        // Of a body that breaks off a reader may have got more or less.
        require(x.bodyFault != Fault::None || x.body == y.body, "the same body");
    }
}

void requireRoundTrip(const Message& message, MessageReader::Side side) {
    const bool isRequest = side == MessageReader::Side::Requests;
    Message sent = message;
    sent.request.framing = Framing::none();
    sent.response.framing = Framing::none();
    if (isRequest && message.request.method == "CONNECT")
        return;
    const std::string text = isRequest ? writeHead(sent.request) : writeHead(sent.response);
    if (text.size() > headLimit)
        return; // our own fields made it too long
    Conversation again = readAll(side, text, text.size());
    require(again.messages.size() == 1, "a head that we write is one message");
    Message& got = again.messages.front();
    require(got.body.empty() && got.bodyFault == Fault::None, "a head without a body has none");
    dropFraming(sent.request.fields);
    dropFraming(sent.response.fields);
    dropFraming(got.request.fields);
    dropFraming(got.response.fields);
    require(got.request.method == sent.request.method && got.request.target == sent.request.target, "the request line survives writing");
    require(got.response.status == sent.response.status, "the status survives writing");
    require(sameFields(got.request.fields, sent.request.fields), "request fields survive writing");
    require(sameFields(got.response.fields, sent.response.fields), "response fields survive writing");
}

void takeMessages(MessageReader::Side side, std::string_view input) {
    const Pieces pieces = Pieces::of(input);
    const Conversation whole = readAll(side, pieces.bytes, pieces.bytes.size() + 1);
    requireSame(whole, readAll(side, pieces.bytes, pieces.length));
    for (const Message& message : whole.messages) {
        requireRoundTrip(message, side);
        const Fields& fields = side == MessageReader::Side::Requests ? message.request.fields : message.response.fields;
        require(fields.count("Content-Length") <= 1, "one Content-Length at most");
        require(!(fields.has("Content-Length") && fields.has("Transfer-Encoding")), "never both framings");
        for (const stream::Field& field : fields)
            require(field.value.find_first_of(std::string_view("\r\n\0", 3)) == std::string::npos, "no line end or NUL in a value");
    }
}

} // namespace clawloops::fuzz
