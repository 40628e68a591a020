// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tls_client.h"

#include "raw_client.h"

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

namespace clawloops::test {

TlsClient::TlsClient(int port, const std::string& serverCa, const std::string& certificate, const std::string& key, int maximumVersion) {
    m_context = SSL_CTX_new(TLS_client_method());
    SSL_CTX_load_verify_locations(m_context, serverCa.c_str(), nullptr);
    SSL_CTX_set_verify(m_context, SSL_VERIFY_PEER, nullptr);
    if (maximumVersion != 0)
        SSL_CTX_set_max_proto_version(m_context, maximumVersion);
    if (!certificate.empty()) {
        SSL_CTX_use_certificate_chain_file(m_context, certificate.c_str());
        SSL_CTX_use_PrivateKey_file(m_context, key.c_str(), SSL_FILETYPE_PEM);
    }
    auto plain = RawClient::tcp(port);
    if (!plain.connected())
        return;
    m_fd = ::dup(plain.fd());
    m_ssl = SSL_new(m_context);
    SSL_set_fd(m_ssl, m_fd);
    SSL_set1_host(m_ssl, "clawloops.internal");
    m_connected = SSL_connect(m_ssl) == 1;
}

TlsClient::~TlsClient() {
    close();
    SSL_free(m_ssl);
    SSL_CTX_free(m_context);
}

bool TlsClient::send(std::string_view bytes) {
    while (m_connected && !bytes.empty()) {
        const int sent = SSL_write(m_ssl, bytes.data(), static_cast<int>(bytes.size()));
        if (sent <= 0)
            return false;
        bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return m_connected;
}

std::string TlsClient::receive(std::string_view enough, std::chrono::milliseconds within) {
    const auto until = std::chrono::steady_clock::now() + within;
    std::string all;
    m_end = !m_connected;
    while (m_connected && (enough.empty() || all.find(enough) == std::string::npos)) {
        const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(until - std::chrono::steady_clock::now()).count();
        pollfd ready{m_fd, POLLIN, 0};
        if (SSL_pending(m_ssl) == 0 && (left <= 0 || ::poll(&ready, 1, static_cast<int>(left)) <= 0))
            break;
        char buffer[16384];
        const int got = SSL_read(m_ssl, buffer, sizeof buffer);
        if (got <= 0) {
            m_end = true;
            break;
        }
        all.append(buffer, static_cast<std::size_t>(got));
    }
    return all;
}

void TlsClient::close() {
    if (m_fd >= 0)
        ::close(std::exchange(m_fd, -1));
    m_connected = false;
}

} // namespace clawloops::test
