// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "stream/control_server.h"

#include "base/log.h"
#include "stream/acceptor.h"
#include "stream/local_socket.h"
#include "stream/signal.h"

#include <algorithm>
#include <malloc.h>
#include <set>
#include <unistd.h>

namespace clawloops::stream {

namespace {
constexpr Log log("control");
constexpr std::size_t mostConnections = 16;
constexpr std::size_t mostRunning = 64; // verbs under way on one connection
constexpr std::size_t mostUnread = 8 * 1024 * 1024;
constexpr std::size_t readBytes = 16 * 1024;
constexpr std::size_t largeLine = 256 * 1024;

// One peer. Answers and events are queued and written in order by one coroutine.
struct Peer : std::enable_shared_from_this<Peer> {
    Peer(std::unique_ptr<Transport> t, Executor executor) : transport(std::move(t)), wake(executor) {}
    std::unique_ptr<Transport> transport;
    Signal wake;
    std::string queue;
    std::size_t running = 0;

    void post(std::string_view line) {
        if (!transport->isOpen())
            return;
        if (queue.size() + line.size() > mostUnread) {
            transport->close();
        } else {
            queue += line;
        }
        wake.set();
    }
    void close() {
        transport->close();
        wake.set();
    }
    static Task<void> writeAll(std::shared_ptr<Peer> self) {
        while (self->transport->isOpen()) {
            co_await self->wake.wait();
            self->wake.reset();
            const std::string batch = std::exchange(self->queue, {});
            const Done written = co_await self->transport->write(batch);
            if (!written)
                self->transport->close();
        }
    }
};

} // namespace

struct ControlServer::State : std::enable_shared_from_this<State> {
    State(asio::io_context& context, std::vector<uid_t> uids, Verb v)
        : io(context), acceptor(context.get_executor()), allowed(std::move(uids)), verb(std::move(v)) {}

    asio::io_context& io;
    Acceptor acceptor;
    LocalSocket local;
    std::vector<uid_t> allowed;
    Verb verb;
    std::set<std::shared_ptr<Peer>> peers;
    bool closed = false;

    [[nodiscard]] bool mayConnect(uid_t uid) const {
        return uid == 0 || uid == ::geteuid() || std::find(allowed.begin(), allowed.end(), uid) != allowed.end();
    }
    void close();
    static Task<void> acceptAll(std::shared_ptr<State> self);
    static Task<void> serve(std::shared_ptr<State> self, std::shared_ptr<Peer> peer);
    static Task<void> run(std::shared_ptr<State> self, std::shared_ptr<Peer> peer, control::Request request, bool large);
    void take(const std::shared_ptr<Peer>& peer, std::string_view line);
};

Task<void> ControlServer::State::acceptAll(std::shared_ptr<State> self) {
    while (!self->closed) {
        auto socket = co_await acceptNext(self->acceptor);
        if (!socket)
            break;
        const PeerCredentials who = peerOf(socket.value->native_handle());
        if (!self->mayConnect(who.uid)) {
            log.warning("a control connection of another account was closed", {}, {{"uid", who.uid}, {"pid", who.pid}});
            continue;
        }
        if (self->peers.size() >= mostConnections)
            continue;
        const auto peer = std::make_shared<Peer>(plainTransport(self->io, std::move(*socket.value)), self->io.get_executor());
        self->peers.insert(peer);
        spawn(self->io, Peer::writeAll(peer));
        spawn(self->io, serve(self, peer));
    }
}

Task<void> ControlServer::State::serve(std::shared_ptr<State> self, std::shared_ptr<Peer> peer) {
    control::LineSplitter lines;
    const auto buffer = std::make_unique_for_overwrite<char[]>(readBytes);
    while (!self->closed) {
        const auto got = co_await peer->transport->read(asio::mutable_buffer(buffer.get(), readBytes));
        if (!got || !lines.push(std::string_view(buffer.get(), got.value)))
            break;
        while (const auto line = lines.next())
            self->take(peer, *line);
    }
    peer->close();
    self->peers.erase(peer);
}

void ControlServer::State::take(const std::shared_ptr<Peer>& peer, std::string_view line) {
    auto parsed = control::parseRequest(line);
    control::Reply refusal;
    if (auto* request = std::get_if<control::Request>(&parsed)) {
        if (peer->running < mostRunning) {
            ++peer->running;
            spawn(io, run(shared_from_this(), peer, std::move(*request), line.size() >= largeLine));
            return;
        }
        refusal = {request->id, Error{ErrorCode::RateLimited, "Too many requests are under way; wait for answers first.", {}}};
    } else {
        auto& wrong = std::get<control::RefusedRequest>(parsed);
        refusal = {wrong.id, std::move(wrong.error)};
    }
    peer->post(control::encode(refusal));
}

Task<void> ControlServer::State::run(std::shared_ptr<State> self, std::shared_ptr<Peer> peer, control::Request request, bool large) {
    control::Reply reply;
    reply.id = request.id;
    reply.outcome = co_await self->verb(std::move(request));
    --peer->running;
    peer->post(control::encode(reply));
    if (large)
        ::malloc_trim(0); // a configuration of megabytes leaves several times its size behind, for days of small requests
}

void ControlServer::State::close() {
    if (std::exchange(closed, true))
        return;
    boost::system::error_code ignored;
    acceptor.close(ignored);
    local.unlink();
    for (const auto& peer : peers)
        peer->close();
}

Result<std::unique_ptr<ControlServer>> ControlServer::listen(asio::io_context& io, const std::filesystem::path& path, mode_t mode,
                                                             std::vector<uid_t> allowed, Verb verb) {
    auto socket = listenLocally(path, mode);
    if (!socket)
        return socket.error();
    auto state = std::make_shared<State>(io, std::move(allowed), std::move(verb));
    state->local = std::move(socket).value();
    boost::system::error_code error;
    state->acceptor.assign(asio::generic::stream_protocol(AF_UNIX, 0), state->local.socket.release(), error);
    if (error)
        return Error{ErrorCode::Internal, "The socket " + path.string() + " cannot be used: " + error.message() + ".", {}};
    spawn(io, State::acceptAll(state));
    return std::unique_ptr<ControlServer>(new ControlServer(std::move(state)));
}

ControlServer::ControlServer(std::shared_ptr<State> state) : m_state(std::move(state)) {}
ControlServer::~ControlServer() { close(); }
void ControlServer::close() { m_state->close(); }

void ControlServer::push(std::string_view event, json::object data) {
    if (m_state->peers.empty())
        return;
    const std::string line = control::encode(control::Event{std::string(event), std::move(data)});
    for (const auto& peer : m_state->peers)
        peer->post(line);
}

} // namespace clawloops::stream
