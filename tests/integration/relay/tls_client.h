// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <openssl/ssl.h>
#include <string>
#include <string_view>

namespace clawloops::test {

// Traefik's place: a blocking TLS client with a certificate of its own, or without one.
class TlsClient {
public:
    TlsClient(int port, const std::string& serverCa, const std::string& certificate = {}, const std::string& key = {},
              int maximumVersion = 0);
    ~TlsClient();
    TlsClient(const TlsClient&) = delete;
    TlsClient& operator=(const TlsClient&) = delete;

    [[nodiscard]] bool connected() const { return m_connected; }
    bool send(std::string_view bytes);
    std::string receive(std::string_view enough = {}, std::chrono::milliseconds within = std::chrono::seconds(20));
    [[nodiscard]] bool sawEnd() const { return m_end; }
    void close(); // without a farewell

private:
    SSL_CTX* m_context = nullptr;
    SSL* m_ssl = nullptr;
    int m_fd = -1;
    bool m_connected = false;
    bool m_end = false;
};

} // namespace clawloops::test
