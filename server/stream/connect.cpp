// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "stream/upstream.h"

#include "stream/local_socket.h"
#include "stream/sockets.h"
#include "stream/sweeper.h"
#include "stream/tls_files.h"

#include <boost/asio/ip/tcp.hpp>
#include <fcntl.h>
#include <map>
#include <sys/socket.h>
#include <sys/un.h>

namespace clawloops::stream {

namespace {

// One attempt, ended by its deadline: the timer closes the socket or cancels the resolver under it.
struct Attempt {
    explicit Attempt(Executor executor) : timer(executor), resolver(executor), socket(executor) {}
    Timer timer;
    asio::ip::basic_resolver<asio::ip::tcp, Executor> resolver;
    Socket socket;
    bool over = false;
};

void limitAttempt(const std::shared_ptr<Attempt>& attempt, std::chrono::milliseconds deadline) {
    attempt->timer.expires_after(deadline);
    attempt->timer.async_wait([attempt](const boost::system::error_code& error) {
        if (error)
            return;
        attempt->over = true;
        attempt->resolver.cancel();
        boost::system::error_code ignored;
        attempt->socket.close(ignored);
    });
}

Task<Done> connectTcp(std::shared_ptr<Attempt> attempt, std::string host, std::uint16_t port) {
    const auto [unresolved, found] = co_await attempt->resolver.async_resolve(host, std::to_string(port), awaitable);
    if (unresolved)
        co_return attempt->over ? Fault::TimedOut : Fault::Refused;
    for (const auto& entry : found) {
        const auto endpoint = entry.endpoint();
        boost::system::error_code ignored;
        attempt->socket.close(ignored);
        const auto [error] = co_await attempt->socket.async_connect(Socket::endpoint_type(endpoint), awaitable);
        if (attempt->over)
            co_return Fault::TimedOut;
        if (!error)
            co_return Done();
    }
    co_return Fault::Refused;
}

Task<Done> connectLocal(std::shared_ptr<Attempt> attempt, LocalAddress address) {
    const Descriptor opened = openBeneath(address.base, address.below);
    struct stat what {};
    struct stat directory {};
    const Descriptor parent = openBeneath(address.base, address.below.parent_path());
    if (!parent.valid() || ::fstat(parent.get(), &directory) != 0)
        co_return Fault::Refused;
    if (!opened.valid() || ::fstat(opened.get(), &what) != 0 || !S_ISSOCK(what.st_mode))
        co_return Fault::Refused;
    sockaddr_un name{};
    name.sun_family = AF_UNIX;
    procPath(opened).copy(name.sun_path, sizeof name.sun_path - 1);
    const Socket::endpoint_type endpoint(&name, sizeof name);
    const auto [error] = co_await attempt->socket.async_connect(endpoint, awaitable);
    if (error)
        co_return attempt->over ? Fault::TimedOut : Fault::Refused;
    const PeerCredentials peer = peerOf(attempt->socket.native_handle());
    if (peer.uid < address.peerUidMin || peer.uid > address.peerUidMax)
        co_return Fault::Refused; // somebody else listens there: not one byte for him
    if (address.peerOwnsDirectory && peer.uid != directory.st_uid)
        co_return Fault::Refused;
    co_return Done();
}

Result<asio::ssl::context*> cachedContext(const std::filesystem::path& caFile) {
    static std::map<std::filesystem::path, std::unique_ptr<asio::ssl::context>> contexts; // loading the system's CAs takes 20 ms
    auto& context = contexts[caFile];
    if (!context) {
        auto made = clientContext(caFile);
        if (!made)
            return made.error();
        context = std::move(made).value();
    }
    return context.get();
}

} // namespace

Task<Outcome<std::unique_ptr<Transport>>> connect(Address address, std::chrono::milliseconds deadline) {
    asio::io_context& io = co_await thisContext();
    const auto attempt = std::make_shared<Attempt>(io.get_executor());
    limitAttempt(attempt, deadline);
    Done done;
    if (const auto* tcp = std::get_if<TcpAddress>(&address))
        done = co_await connectTcp(attempt, tcp->host, tcp->port);
    else if (const auto* tls = std::get_if<TlsAddress>(&address))
        done = co_await connectTcp(attempt, tls->host, tls->port);
    else
        done = co_await connectLocal(attempt, std::get<LocalAddress>(address));
    attempt->timer.cancel();
    if (!done)
        co_return done.fault;
    if (attempt->over)
        co_return Fault::TimedOut;
    if (const auto* tls = std::get_if<TlsAddress>(&address)) {
        auto context = cachedContext(tls->caFile);
        if (!context)
            co_return Fault::Refused;
        auto transport = tlsClientTransport(io, std::move(attempt->socket), **context, tls->host);
        transport->expireIn(deadline);
        done = co_await transport->handshake();
        transport->neverExpire();
        if (!done)
            co_return done.fault;
        co_return std::unique_ptr<Transport>(std::move(transport));
    }
    co_return plainTransport(io, std::move(attempt->socket));
}

} // namespace clawloops::stream
