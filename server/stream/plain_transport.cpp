// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "stream/sockets.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/uio.h>

namespace clawloops::stream {

void setNoDelay(Socket& socket) {
    const int on = 1; // fails on a unix socket, where it means nothing
    ::setsockopt(socket.native_handle(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

PeerCredentials peerOf(int descriptor) {
    sockaddr_storage address{};
    socklen_t addressSize = sizeof address;
    if (::getsockname(descriptor, reinterpret_cast<sockaddr*>(&address), &addressSize) != 0 || address.ss_family != AF_UNIX)
        return {};
    ucred credentials{};
    socklen_t size = sizeof credentials;
    if (::getsockopt(descriptor, SOL_SOCKET, SO_PEERCRED, &credentials, &size) != 0)
        return {};
    return {credentials.uid, credentials.pid};
}

bool quietAndOpen(int descriptor) {
    char byte;
    return ::recv(descriptor, &byte, 1, MSG_PEEK | MSG_DONTWAIT) < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
}

namespace {

class PlainTransport final : public Transport {
public:
    PlainTransport(asio::io_context& io, Socket socket) : Transport(io), m_socket(std::move(socket)) {
        setNoDelay(m_socket);
        m_peer = peerOf(m_socket.native_handle());
    }

    Task<Outcome<std::size_t>> read(asio::mutable_buffer into) override {
        const auto [error, bytes] = co_await m_socket.async_read_some(into, awaitable);
        m_bytesRead += bytes;
        if (error && bytes == 0)
            co_return faultOf(error);
        co_return bytes;
    }

    Task<Done> write(std::string_view head, std::string_view body, std::string_view tail) override {
        std::array<std::string_view, 3> parts{head, body, tail};
        while (true) {
            const Sent sent = send(parts);
            if (sent == Sent::All)
                co_return Done();
            if (sent == Sent::Failed)
                co_return writeFault();
            const auto [error] = co_await m_socket.async_wait(Socket::wait_write, awaitable);
            if (error)
                co_return faultOf(error);
        }
    }

    Task<Done> writeAll(std::span<std::string_view> parts) override {
        while (true) {
            const Sent sent = send(parts);
            if (sent == Sent::All)
                co_return Done();
            if (sent == Sent::Failed)
                co_return writeFault();
            const auto [error] = co_await m_socket.async_wait(Socket::wait_write, awaitable);
            if (error)
                co_return faultOf(error);
            expireAnew();
        }
    }

    Task<Done> finishWriting() override {
        boost::system::error_code error;
        m_socket.shutdown(Socket::shutdown_send, error);
        co_return faultOf(error);
    }

    void cancel() override {
        boost::system::error_code ignored;
        m_socket.cancel(ignored);
    }

    void close() override {
        boost::system::error_code ignored;
        m_socket.close(ignored);
    }

    [[nodiscard]] bool isOpen() const override { return m_socket.is_open(); }
    [[nodiscard]] bool looksAlive() override { return m_socket.is_open() && quietAndOpen(m_socket.native_handle()); }

private:
    enum class Sent { All, Some, Failed };
    static constexpr std::size_t mostParts = 64; // of one write

    // As much as the socket takes now, off the parts.
    Sent send(std::span<std::string_view> parts) {
        while (true) {
            std::array<iovec, mostParts> vectors;
            std::size_t count = 0;
            for (const std::string_view part : parts) {
                if (count == mostParts)
                    break;
                if (!part.empty())
                    vectors[count++] = {const_cast<char*>(part.data()), part.size()};
            }
            if (count == 0)
                return Sent::All;
            msghdr message{};
            message.msg_iov = vectors.data();
            message.msg_iovlen = count;
            const ssize_t written = ::sendmsg(m_socket.native_handle(), &message, MSG_NOSIGNAL | MSG_DONTWAIT);
            if (written < 0 && errno == EINTR)
                continue;
            if (written < 0)
                return errno == EAGAIN || errno == EWOULDBLOCK ? Sent::Some : Sent::Failed;
            auto left = static_cast<std::size_t>(written);
            m_bytesWritten += left;
            for (auto part = parts.begin(); left > 0; ++part) {
                const std::size_t here = std::min(left, part->size());
                part->remove_prefix(here);
                left -= here;
            }
            while (!parts.empty() && parts.front().empty())
                parts = parts.subspan(1);
        }
    }
    [[nodiscard]] Fault writeFault() const { return faultOf(asio::error::broken_pipe); }

    mutable Socket m_socket;
};

} // namespace

std::unique_ptr<Transport> plainTransport(asio::io_context& io, Socket socket) {
    return std::make_unique<PlainTransport>(io, std::move(socket));
}

} // namespace clawloops::stream
