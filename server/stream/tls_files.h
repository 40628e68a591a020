// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "stream/listener.h"

#include <boost/asio/ssl/context.hpp>
#include <memory>

namespace clawloops::stream {

// TLS 1.3, a client certificate required and signed by exactly the given CA. The error names the file that does not load.
[[nodiscard]] Result<std::unique_ptr<asio::ssl::context>> serverContext(const TlsServerFiles& files);
// TLS >= 1.2 with the system's CAs, or exactly those of caFile.
[[nodiscard]] Result<std::unique_ptr<asio::ssl::context>> clientContext(const std::filesystem::path& caFile);

} // namespace clawloops::stream
