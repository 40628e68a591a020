// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "stream/listener.h"

#include "base/log.h"
#include "stream/acceptor.h"
#include "stream/local_socket.h"
#include "stream/server_connection.h"
#include "stream/sweeper.h"
#include "stream/tls_files.h"

#include <boost/asio/ip/tcp.hpp>
#include <list>
#include <set>

namespace clawloops::stream {

namespace {
constexpr Log log("stream");
constexpr std::chrono::milliseconds pauseWhenExhausted{100};
} // namespace

Task<Outcome<std::unique_ptr<Socket>>> acceptNext(Acceptor& acceptor) {
    while (acceptor.is_open()) {
        auto socket = std::make_unique<Socket>(acceptor.get_executor());
        const auto [error] = co_await acceptor.async_accept(*socket, awaitable);
        if (!error)
            co_return std::move(socket);
        if (error == asio::error::operation_aborted || error == asio::error::bad_descriptor)
            break;
        if (error == asio::error::connection_aborted)
            continue;
        log.warning("a connection could not be accepted", {}, {{"detail", error.message()}});
        Timer pause(acceptor.get_executor(), pauseWhenExhausted);
        static_cast<void>(co_await pause.async_wait(awaitable));
    }
    co_return Fault::Gone;
}

struct Listener::State : std::enable_shared_from_this<State> {
    State(asio::io_context& context, ServerLimits serverLimits, Handler h)
        : io(context), limits(serverLimits), handler(std::move(h)), acceptor(context.get_executor()) {}

    asio::io_context& io;
    ServerLimits limits;
    Handler handler;
    Acceptor acceptor;
    std::unique_ptr<asio::ssl::context> tls;
    std::unique_ptr<LocalSocket> local;
    std::list<Transport*> handshakes; // oldest first
    std::set<ServerConnection*> connections;
    std::uint64_t refused = 0;
    std::uint16_t port = 0;
    bool closed = false;

    void start() { spawn(io, acceptAll(shared_from_this())); }
    void close();
    static Task<void> acceptAll(std::shared_ptr<State> self);
    static Task<void> serve(std::shared_ptr<State> self, std::unique_ptr<Socket> socket);
    Task<std::unique_ptr<Transport>> secure(Socket& socket);
};

Task<void> Listener::State::acceptAll(std::shared_ptr<State> self) {
    while (!self->closed) {
        auto socket = co_await acceptNext(self->acceptor);
        if (!socket)
            break;
        spawn(self->io, serve(self, std::move(socket.value)));
    }
}

// TLS first, where there is TLS. Null when the handshake failed or took too long. Until it is done this may be anybody, so it is
// counted apart from connections; and whoever goes on with theirs is not kept out by a crowd of those who do not.
Task<std::unique_ptr<Transport>> Listener::State::secure(Socket& socket) {
    if (!tls)
        co_return plainTransport(io, std::move(socket));
    auto transport = tlsServerTransport(io, std::move(socket), *tls);
    transport->expireIn(limits.headDeadline);
    if (handshakes.size() >= limits.handshakes) {
        handshakes.front()->close();
        handshakes.pop_front();
    }
    handshakes.push_back(transport.get());
    const Done done = co_await transport->handshake();
    handshakes.remove(transport.get());
    if (!done) {
        log.debug("a TLS handshake was refused", {}, {{"fault", faultName(done.fault)}});
        co_return nullptr;
    }
    co_return transport;
}

Task<void> Listener::State::serve(std::shared_ptr<State> self, std::unique_ptr<Socket> socket) {
    try {
        auto transport = co_await self->secure(*socket);
        socket.reset();
        if (transport && !self->closed && self->connections.size() < self->limits.connections) {
            const auto connection = std::make_shared<ServerConnection>(self->io, std::move(transport), self->limits);
            self->connections.insert(connection.get());
            const std::shared_ptr<void> registered(nullptr, [&](void*) { self->connections.erase(connection.get()); });
            co_await connection->serve(self->handler);
            self->refused += connection->wrongHeads();
        } else {
            ++self->refused;
        }
    } catch (const std::exception& problem) {
        log.error("a connection ended by an exception", {}, {{"detail", problem.what()}});
    }
}

void Listener::State::close() {
    if (std::exchange(closed, true))
        return;
    boost::system::error_code ignored;
    acceptor.close(ignored);
    if (local)
        local->unlink();
    for (auto* transport : handshakes)
        transport->close();
    const auto all = connections; // a closer may end a connection at once
    for (auto* connection : all)
        if (connections.contains(connection))
            connection->close();
}

Result<std::unique_ptr<Listener>> Listener::tls(asio::io_context& io, const std::string& address, std::uint16_t port,
                                                const TlsServerFiles& files, ServerLimits limits, Handler handler) {
    auto context = serverContext(files);
    if (!context)
        return context.error();
    auto state = std::make_shared<State>(io, limits, std::move(handler));
    state->tls = std::move(context).value();
    boost::system::error_code error;
    const auto ip = asio::ip::make_address(address, error);
    if (error)
        return Error{ErrorCode::InvalidRequest, "The listening address " + address + " is not an IP address; write it like 127.0.0.1.", {}};
    const asio::ip::tcp::endpoint endpoint(ip, port);
    state->acceptor.open(asio::generic::stream_protocol(endpoint.protocol()), error);
    if (!error)
        state->acceptor.set_option(asio::socket_base::reuse_address(true), error);
    if (!error)
        state->acceptor.bind(endpoint, error);
    if (!error)
        state->acceptor.listen(asio::socket_base::max_listen_connections, error);
    if (error)
        return Error{ErrorCode::Unavailable,
                     "Port " + std::to_string(port) + " on " + address + " cannot be opened: " + error.message()
                         + "; stop what uses it or choose another port in the settings.", {}};
    asio::ip::tcp::endpoint bound;
    const auto local = state->acceptor.local_endpoint(error);
    std::memcpy(bound.data(), local.data(), std::min(local.size(), bound.capacity()));
    state->port = bound.port();
    state->start();
    return std::unique_ptr<Listener>(new Listener(std::move(state)));
}

Result<std::unique_ptr<Listener>> Listener::local(asio::io_context& io, const std::filesystem::path& path, mode_t mode,
                                                  ServerLimits limits, Handler handler) {
    auto socket = listenLocally(path, mode);
    if (!socket)
        return socket.error();
    auto state = std::make_shared<State>(io, limits, std::move(handler));
    state->local = std::make_unique<LocalSocket>(std::move(socket).value());
    boost::system::error_code error;
    state->acceptor.assign(asio::generic::stream_protocol(AF_UNIX, 0), state->local->socket.release(), error);
    if (error)
        return Error{ErrorCode::Internal, "The socket " + path.string() + " cannot be used: " + error.message() + ".", {}};
    state->start();
    return std::unique_ptr<Listener>(new Listener(std::move(state)));
}

Listener::Listener(std::shared_ptr<State> state) : m_state(std::move(state)) {}
Listener::~Listener() { close(); }
std::uint16_t Listener::port() const { return m_state->port; }
std::size_t Listener::open() const { return m_state->connections.size(); }
std::uint64_t Listener::refused() const { return m_state->refused; }
void Listener::close() { m_state->close(); }

} // namespace clawloops::stream
