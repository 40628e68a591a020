// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/clock.h"
#include "base/result.h"
#include "base/secret.h"

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

// Certificates through OpenSSL's libcrypto: P-256 keys, SHA-256 signatures, 160-bit random serial numbers, PEM texts.
// Pure functions, usable from any thread; they touch no file.
namespace clawloops::pki {

inline constexpr std::chrono::days authorityLife{3650};
inline constexpr std::chrono::days lanLeafLife{397}; // browsers refuse longer ones
inline constexpr std::chrono::days renewBefore{30};

struct Identity {
    std::string certificate; // PEM
    Secret key; // PEM, PKCS#8
};

enum class Use { Server, Client };

struct LeafRequest {
    std::string commonName;
    std::vector<std::string> names; // DNS names and textual IPv4/IPv6 addresses; each becomes a SAN of its kind
    Use use = Use::Server;
    std::chrono::days life{397};
};

struct Facts {
    std::string commonName;
    std::vector<std::string> names; // sorted; addresses in their canonical text
    WallTime notBefore;
    WallTime notAfter;
    std::string fingerprint; // lower-case hex SHA-256 of the DER
    bool authority = false;
    bool constrained = false; // may sign for some names only
};

// With names: a critical extension permits these host names (and what is below them), these addresses, and every address of
// private, loopback and link-local networks, and nothing else. Without: unconstrained, for an authority whose key nobody keeps.
[[nodiscard]] Result<Identity> makeAuthority(std::string_view commonName, std::chrono::days life, WallTime now,
                                             const std::vector<std::string>& permitted = {});
// The leaf never outlives its authority.
[[nodiscard]] Result<Identity> issue(const Identity& authority, const LeafRequest& request, WallTime now);
[[nodiscard]] Result<Facts> inspect(std::string_view certificatePem); // the first certificate of the text
[[nodiscard]] Status signedBy(std::string_view certificatePem, std::string_view authorityPem);
// Whether a TLS client that trusts this authority alone accepts this server certificate, but for its time.
[[nodiscard]] Status accepts(std::string_view authorityPem, std::string_view certificatePem);
[[nodiscard]] Status belongTogether(std::string_view certificatePem, const Secret& keyPem);

} // namespace clawloops::pki
