// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cell/join.h"

#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/write.hpp>

#include <array>
#include <cstring>
#include <functional>
#include <memory>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/stat.h>
#include <unistd.h>

namespace clawloops::cell {

namespace asio = boost::asio;
using Protocol = asio::generic::stream_protocol;
using Socket = Protocol::socket;

namespace {

constexpr int mostConnections = 2048;

Protocol::endpoint toEndpoint(const Endpoint& end) {
    if (end.path.empty())
        return asio::ip::tcp::endpoint(asio::ip::address_v4::loopback(), end.port);
    return asio::local::stream_protocol::endpoint(end.path);
}

Protocol protocolOf(const Endpoint& end) {
    return end.path.empty() ? Protocol(asio::ip::tcp::v4()) : Protocol(asio::local::stream_protocol());
}

void sendAtOnce(Socket& socket, const Endpoint& end) {
    // Tokens of a streamed answer are small writes: Nagle would hold them back.
    const int on = 1;
    if (end.path.empty())
        ::setsockopt(socket.native_handle(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

// Two sockets and what travels between them. Lives as long as an operation on it is under way.
class Pair : public std::enable_shared_from_this<Pair> {
public:
    Pair(Socket near, Socket far, std::function<void()> gone)
        : m_near(std::move(near)), m_far(std::move(far)), m_gone(std::move(gone)) {}
    ~Pair() { m_gone(); }

    void start(const JoinSpec& spec) {
        m_far.async_connect(toEndpoint(spec.connect),
                            [self = shared_from_this(), spec](const boost::system::error_code& error) {
                                if (error)
                                    return; // both close: the caller sees a connection that ended without an answer
                                sendAtOnce(self->m_near, spec.listen);
                                sendAtOnce(self->m_far, spec.connect);
                                self->pump(self->m_near, self->m_far, self->m_up);
                                self->pump(self->m_far, self->m_near, self->m_down);
                            });
    }

private:
    using Buffer = std::array<char, 16384>;

    void pump(Socket& from, Socket& to, Buffer& buffer) {
        from.async_read_some(asio::buffer(buffer), [self = shared_from_this(), &from, &to, &buffer](
                                                       const boost::system::error_code& error, std::size_t size) {
            if (error == asio::error::eof) {
                boost::system::error_code ignored;
                to.shutdown(Socket::shutdown_send, ignored);
                return;
            }
            if (error) {
                self->close();
                return;
            }
            asio::async_write(to, asio::buffer(buffer, size),
                              [self, &from, &to, &buffer](const boost::system::error_code& failure, std::size_t) {
                                  if (failure)
                                      self->close();
                                  else
                                      self->pump(from, to, buffer);
                              });
        });
    }

    void close() {
        boost::system::error_code ignored;
        m_near.close(ignored);
        m_far.close(ignored);
    }

    Socket m_near;
    Socket m_far;
    std::function<void()> m_gone;
    Buffer m_up;
    Buffer m_down;
};

} // namespace

Join::Join(asio::io_context& context, JoinSpec spec)
    : m_context(context), m_spec(std::move(spec)), m_acceptor(context), m_pause(context) {}

Join::~Join() {
    if (m_acceptor.is_open() && !m_spec.listen.path.empty())
        ::unlink(m_spec.listen.path.c_str());
}

bool Join::open(std::string& error) {
    boost::system::error_code failure;
    const auto protocol = protocolOf(m_spec.listen);
    m_acceptor.open(protocol, failure);
    if (!failure && m_spec.listen.path.empty())
        m_acceptor.set_option(asio::socket_base::reuse_address(true), failure);
    // Left behind by a SIGKILL: bind() would refuse it for ever.
    if (!m_spec.listen.path.empty())
        ::unlink(m_spec.listen.path.c_str());
    const mode_t before = ::umask(0117);
    if (!failure)
        m_acceptor.bind(toEndpoint(m_spec.listen), failure);
    ::umask(before);
    if (!failure)
        m_acceptor.listen(512, failure);
    if (failure) {
        error = (m_spec.listen.path.empty() ? "port " + std::to_string(m_spec.listen.port) : m_spec.listen.path) +
                ": " + std::strerror(failure.value());
        boost::system::error_code ignored;
        m_acceptor.close(ignored);
        return false;
    }
    accept();
    return true;
}

void Join::accept() {
    if (m_open >= mostConnections) {
        acceptLater();
        return;
    }
    m_acceptor.async_accept([this](const boost::system::error_code& error, Socket near) {
        if (error == asio::error::operation_aborted)
            return;
        if (error) {
            acceptLater(); // out of descriptors, most likely: asking again at once would spin
            return;
        }
        ++m_open;
        Socket far(m_context, protocolOf(m_spec.connect));
        std::make_shared<Pair>(std::move(near), std::move(far), [this] { --m_open; })->start(m_spec);
        accept();
    });
}

void Join::acceptLater() {
    m_pause.expires_after(std::chrono::milliseconds(100));
    m_pause.async_wait([this](const boost::system::error_code& error) {
        if (!error)
            accept();
    });
}

} // namespace clawloops::cell
