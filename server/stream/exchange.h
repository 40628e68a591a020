// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "stream/http.h"
#include "stream/task.h"
#include "stream/transport.h"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace clawloops::stream {

class ServerConnection;

// One HTTP/1.1 request on a server connection and its answer, as a handler sees them. Lives as long as the handler's
// coroutine. A handler that returns without an answer gives a 500; one that returns in the middle of a body closes the
// connection, so that the client sees a truncated answer and never a clean end.
class Exchange {
public:
    explicit Exchange(ServerConnection& connection);
    ~Exchange();
    Exchange(const Exchange&) = delete;
    Exchange& operator=(const Exchange&) = delete;

    [[nodiscard]] const RequestHead& request() const;
    [[nodiscard]] PeerCredentials peer() const;

    // Request body. read() gives what is there (≤ 64 kB, valid until the next call), an empty view at its end.
    // 100-continue is sent at the first read. A body that the handler leaves unread closes the connection afterwards.
    // Where the body's length is known, what has to come from the connection is put into `own`, so that it need not be copied.
    Task<Outcome<std::string_view>> read(asio::mutable_buffer own = {});
    // From now on the whole body has to come in within this time, however lively it is; read() ends with TimedOut else.
    void readWithin(std::chrono::milliseconds span);
    void stopReading(); // a waiting read() ends with Cut; the connection closes after the answer

    // Answer in one piece. Sets Content-Length (not for 204, 304 and HEAD's body).
    Task<Done> respond(ResponseHead head, std::string_view body = {});
    // Answer in pieces: begin() keeps the head until the first write(), flush() or finish().
    void begin(ResponseHead head); // head.framing says how; UntilClose and HTTP/1.0 clients are handled
    Task<Done> write(std::string_view bytes);
    Task<Done> flush();
    Task<Done> finish();
    void abort(); // closes at once; the client sees that the answer is not whole
    [[nodiscard]] bool begun() const; // a head went, or is kept to go

    // Sends the head (101 …) and hands the bare connection to the handler, for tunnel(). What the client sent behind its
    // request is given out by takeBuffered() first.
    Task<Outcome<Transport*>> upgrade(ResponseHead head);
    [[nodiscard]] std::string takeBuffered();

    // Called once when the client leaves or cut() is called while this exchange lives, at any await of the handler; cancel the
    // upstream there. Watching starts at the end of the request body.
    void onGone(std::function<void()> callback);
    [[nodiscard]] bool gone() const;
    void cut(); // closes this exchange's connection now, whatever either side does

    [[nodiscard]] int status() const; // of the answer; 0 when none was begun
    [[nodiscard]] std::uint64_t bytesIn() const; // of the bodies, and of a tunnel
    [[nodiscard]] std::uint64_t bytesOut() const;

private:
    ServerConnection& m_connection;
};

using Handler = std::function<Task<void>(Exchange&)>;

} // namespace clawloops::stream
