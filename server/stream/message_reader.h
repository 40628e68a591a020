// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "stream/http.h"
#include "stream/input_buffer.h"
#include "stream/task.h"

#include <memory>
#include <string_view>

namespace clawloops::stream {

// Reads one HTTP/1.1 message at a time from a transport, with Beast's strict parser under rules of our own on top: one
// Content-Length at most, never together with Transfer-Encoding, no coding but "chunked", no folded lines, ≤ 200 fields, the
// head limit counted over the whole head (Beast counts it anew at each piece), trailers dropped.
class MessageReader {
public:
    enum class Side { Requests, Responses };
    MessageReader(Side side, InputBuffer& input, std::size_t headLimit);
    ~MessageReader();

    void startMessage(bool toHead = false); // toHead: a response to HEAD, which has no body
    Task<Done> readHead(Transport& transport); // Gone: the end before any byte
    [[nodiscard]] RequestHead takeRequest();
    [[nodiscard]] ResponseHead takeResponse();

    // A piece of the body, good until the next call; empty at its end. What has to come from the connection goes into `own` when that
    // has room and the body's length is known; the piece then lies there.
    Task<Outcome<std::string_view>> readBody(Transport& transport, asio::mutable_buffer own = {});
    [[nodiscard]] bool atEnd() const;
    [[nodiscard]] bool hasPiece() const; // input is there to go on with

private:
    struct State;
    std::unique_ptr<State> m_state;
};

} // namespace clawloops::stream
