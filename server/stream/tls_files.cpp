// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "stream/tls_files.h"

namespace clawloops::stream {

namespace {

Error cannotLoad(const std::filesystem::path& file, const boost::system::error_code& error) {
    return {ErrorCode::Unavailable, "The TLS file " + file.string() + " cannot be used; restore it or let the appliance make a new one.",
            error.message()};
}

} // namespace

Result<std::unique_ptr<asio::ssl::context>> serverContext(const TlsServerFiles& files) {
    auto context = std::make_unique<asio::ssl::context>(asio::ssl::context::tls_server);
    SSL_CTX_set_min_proto_version(context->native_handle(), TLS1_3_VERSION);
    SSL_CTX_set_options(context->native_handle(), SSL_OP_NO_TICKET);
    SSL_CTX_set_num_tickets(context->native_handle(), 0);
    SSL_CTX_set_session_cache_mode(context->native_handle(), SSL_SESS_CACHE_OFF);
    boost::system::error_code error;
    if (context->use_certificate_chain_file(files.certificate.string(), error))
        return cannotLoad(files.certificate, error);
    if (context->use_private_key_file(files.key.string(), asio::ssl::context::pem, error))
        return cannotLoad(files.key, error);
    if (context->load_verify_file(files.clientCa.string(), error))
        return cannotLoad(files.clientCa, error);
    context->set_verify_mode(asio::ssl::verify_peer | asio::ssl::verify_fail_if_no_peer_cert, error);
    return context;
}

Result<std::unique_ptr<asio::ssl::context>> clientContext(const std::filesystem::path& caFile) {
    auto context = std::make_unique<asio::ssl::context>(asio::ssl::context::tls_client);
    SSL_CTX_set_min_proto_version(context->native_handle(), TLS1_2_VERSION);
    boost::system::error_code error;
    if (caFile.empty()) {
        if (context->set_default_verify_paths(error))
            return cannotLoad("(system)", error);
    } else if (context->load_verify_file(caFile.string(), error)) {
        return cannotLoad(caFile, error);
    }
    context->set_verify_mode(asio::ssl::verify_peer, error);
    return context;
}

} // namespace clawloops::stream
