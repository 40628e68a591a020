// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "base/secret.h"

#include <string>
#include <string_view>

namespace clawloops {

// Secrets at rest: AES-256-GCM through OpenSSL under one master key, a random nonce each. What is sealed for one place opens in no
// other: `place` (the row's id, its provider, the key's version) is authenticated with it. A value, usable from any thread.
class Vault {
public:
    // InvalidRequest unless the key has 32 bytes.
    [[nodiscard]] static Result<Vault> make(Secret key, int version);

    [[nodiscard]] int version() const { return m_version; }
    // Tells keys apart without telling anything of them.
    [[nodiscard]] std::string fingerprint() const;
    [[nodiscard]] std::string seal(const Secret& secret, std::string_view place) const; // base64url(nonce, tag, text)
    // Internal: another key or version, another place, or altered; which of them cannot be known.
    [[nodiscard]] Result<Secret> open(std::string_view sealed, std::string_view place) const;

private:
    Vault(Secret key, int version) : m_key(std::move(key)), m_version(version) {}
    [[nodiscard]] std::string bound(std::string_view place) const;
    Secret m_key;
    int m_version;
};

} // namespace clawloops
