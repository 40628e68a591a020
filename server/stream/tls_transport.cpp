// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "stream/sockets.h"

#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <array>

namespace clawloops::stream {

namespace {

// The record size of TLS: what one SSL_write takes at most, and what gathering is worth up to.
constexpr std::size_t recordBytes = 16 * 1024;

class TlsStreamTransport final : public TlsTransport {
public:
    TlsStreamTransport(asio::io_context& io, Socket socket, asio::ssl::context& context,
                       asio::ssl::stream_base::handshake_type side)
        : TlsTransport(io), m_stream(std::move(socket), context), m_side(side) {
        setNoDelay(m_stream.next_layer());
    }

    void setHost(const std::string& host) {
        SSL_set_tlsext_host_name(m_stream.native_handle(), host.c_str());
        m_stream.set_verify_callback(asio::ssl::host_name_verification(host));
    }

    Task<Done> handshake() override {
        const auto [error] = co_await m_stream.async_handshake(m_side, awaitable);
        if (!error)
            co_return Done();
        const Fault fault = faultOf(error);
        co_return fault == Fault::Gone ? Fault::Refused : fault;
    }

    Task<Outcome<std::size_t>> read(asio::mutable_buffer into) override {
        const auto [error, bytes] = co_await m_stream.async_read_some(into, awaitable);
        m_bytesRead += bytes;
        if (error && bytes == 0)
            co_return faultOf(error);
        co_return bytes;
    }

    Task<Done> write(std::string_view head, std::string_view body, std::string_view tail) override {
        std::array<std::string_view, 3> parts{head, body, tail};
        while (true) {
            const std::string_view piece = nextPiece(parts);
            if (piece.empty())
                co_return Done();
            std::size_t done = 0;
            while (done < piece.size()) {
                const asio::const_buffer rest(piece.data() + done, piece.size() - done);
                const auto [error, written] = co_await m_stream.async_write_some(rest, awaitable);
                m_bytesWritten += written;
                if (error)
                    co_return faultOf(error);
                done += written;
            }
        }
    }

    // TLS peers take the end of one direction as the end of both: a read that waits ends (Cut), and would else hold the shutdown
    // up, which has to read the other side's farewell itself.
    Task<Done> finishWriting() override {
        cancel();
        const auto [error] = co_await m_stream.async_shutdown(awaitable);
        static_cast<void>(error);
        co_return Done();
    }

    void cancel() override {
        boost::system::error_code ignored;
        m_stream.lowest_layer().cancel(ignored);
    }

    void close() override {
        boost::system::error_code ignored;
        m_stream.next_layer().close(ignored);
    }

    [[nodiscard]] bool isOpen() const override { return m_stream.next_layer().is_open(); }
    [[nodiscard]] bool looksAlive() override {
        return isOpen() && SSL_pending(m_stream.native_handle()) == 0 && quietAndOpen(m_stream.next_layer().native_handle());
    }

private:
    // Small parts are joined into one record; a large one goes as it is.
    std::string_view nextPiece(std::array<std::string_view, 3>& parts) {
        m_gathered.clear();
        for (auto& part : parts) {
            if (part.empty())
                continue;
            if (m_gathered.empty() && part.size() >= recordBytes) {
                const std::string_view whole = part;
                part = {};
                return whole;
            }
            const std::size_t room = recordBytes - m_gathered.size();
            const std::size_t taken = std::min(room, part.size());
            m_gathered.append(part.substr(0, taken));
            part.remove_prefix(taken);
            if (!part.empty())
                break;
        }
        return m_gathered;
    }

    asio::ssl::stream<Socket> m_stream;
    asio::ssl::stream_base::handshake_type m_side;
    std::string m_gathered;
};

} // namespace

std::unique_ptr<TlsTransport> tlsServerTransport(asio::io_context& io, Socket socket, asio::ssl::context& context) {
    return std::make_unique<TlsStreamTransport>(io, std::move(socket), context, asio::ssl::stream_base::server);
}

std::unique_ptr<TlsTransport> tlsClientTransport(asio::io_context& io, Socket socket, asio::ssl::context& context,
                                                 const std::string& host) {
    auto transport = std::make_unique<TlsStreamTransport>(io, std::move(socket), context, asio::ssl::stream_base::client);
    transport->setHost(host);
    return transport;
}

} // namespace clawloops::stream
