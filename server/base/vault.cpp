// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/vault.h"

#include "base/digest.h"
#include "base/random.h"

#include <cstdlib>
#include <memory>
#include <openssl/evp.h>
#include <utility>

namespace clawloops {

namespace {

constexpr std::size_t keyBytes = 32;
constexpr std::size_t nonceBytes = 12;
constexpr std::size_t tagBytes = 16;

using Context = std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)>;

const unsigned char* bytesOf(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }
unsigned char* bytesOf(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }

// What goes wrong here is memory or the library itself: nothing can go on without it, as in base/digest.h.
void must(bool fine) {
    if (!fine)
        std::abort();
}

} // namespace

Result<Vault> Vault::make(Secret key, int version) {
    if (key.reveal().size() != keyBytes)
        return Error{ErrorCode::InvalidRequest, "The master key must have 32 bytes.", {}};
    return Vault(std::move(key), version);
}

std::string Vault::fingerprint() const { return toHex(hmacSha256(m_key.reveal(), "clawloops master key")).substr(0, 32); }

std::string Vault::bound(std::string_view place) const { return "clawloops-vault-1\n" + std::to_string(m_version) + "\n" + std::string(place); }

std::string Vault::seal(const Secret& secret, std::string_view place) const {
    const std::string nonce = randomBytes(nonceBytes);
    const std::string extra = bound(place);
    const std::string_view text = secret.reveal();
    std::string out(text.size(), '\0');
    std::string tag(tagBytes, '\0');
    const Context context(EVP_CIPHER_CTX_new(), EVP_CIPHER_CTX_free);
    int written = 0;
    must(context && EVP_EncryptInit_ex(context.get(), EVP_aes_256_gcm(), nullptr, bytesOf(m_key.reveal()), bytesOf(std::string_view(nonce))) == 1);
    must(EVP_EncryptUpdate(context.get(), nullptr, &written, bytesOf(std::string_view(extra)), static_cast<int>(extra.size())) == 1);
    must(EVP_EncryptUpdate(context.get(), bytesOf(out), &written, bytesOf(text), static_cast<int>(text.size())) == 1);
    must(EVP_EncryptFinal_ex(context.get(), bytesOf(out) + written, &written) == 1);
    must(EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_GET_TAG, static_cast<int>(tagBytes), tag.data()) == 1);
    return base64UrlEncode(nonce + tag + out);
}

Result<Secret> Vault::open(std::string_view sealed, std::string_view place) const {
    const Error closed{ErrorCode::Internal, "A stored credential cannot be opened with the present master key. Enter it again.", "vault"};
    const auto raw = base64UrlDecode(sealed);
    if (!raw || raw->size() < nonceBytes + tagBytes)
        return closed;
    const std::string_view nonce = std::string_view(*raw).substr(0, nonceBytes);
    std::string tag = raw->substr(nonceBytes, tagBytes);
    const std::string_view text = std::string_view(*raw).substr(nonceBytes + tagBytes);
    const std::string extra = bound(place);
    std::string out(text.size(), '\0');
    const Context context(EVP_CIPHER_CTX_new(), EVP_CIPHER_CTX_free);
    int written = 0;
    must(context && EVP_DecryptInit_ex(context.get(), EVP_aes_256_gcm(), nullptr, bytesOf(m_key.reveal()), bytesOf(nonce)) == 1);
    must(EVP_DecryptUpdate(context.get(), nullptr, &written, bytesOf(std::string_view(extra)), static_cast<int>(extra.size())) == 1);
    must(EVP_DecryptUpdate(context.get(), bytesOf(out), &written, bytesOf(text), static_cast<int>(text.size())) == 1);
    must(EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_SET_TAG, static_cast<int>(tagBytes), tag.data()) == 1);
    Secret opened(std::move(out)); // wiped where the tag does not fit
    unsigned char rest[16];
    int none = 0;
    if (EVP_DecryptFinal_ex(context.get(), rest, &none) != 1)
        return closed;
    return opened;
}

} // namespace clawloops
