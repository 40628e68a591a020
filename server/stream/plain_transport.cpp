// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "stream/sockets.h"

#include <array>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

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
            std::array<asio::const_buffer, 3> buffers;
            std::size_t left = 0;
            for (std::size_t i = 0; i < parts.size(); ++i) {
                buffers[i] = asio::const_buffer(parts[i].data(), parts[i].size());
                left += parts[i].size();
            }
            if (left == 0)
                co_return Done();
            const auto [error, written] = co_await m_socket.async_write_some(buffers, awaitable);
            m_bytesWritten += written;
            if (error)
                co_return faultOf(error);
            std::size_t gone = written;
            for (auto& part : parts) {
                const std::size_t here = std::min(gone, part.size());
                part.remove_prefix(here);
                gone -= here;
            }
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
    mutable Socket m_socket;
};

} // namespace

std::unique_ptr<Transport> plainTransport(asio::io_context& io, Socket socket) {
    return std::make_unique<PlainTransport>(io, std::move(socket));
}

} // namespace clawloops::stream
