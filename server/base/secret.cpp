// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/secret.h"

#include <openssl/crypto.h>

namespace clawloops {

// Moving a short std::string copies its bytes: the source has to be wiped too.
Secret::Secret(Secret&& other) noexcept : m_text(other.m_text) { other.wipe(); }

Secret& Secret::operator=(const Secret& other) {
    if (this != &other) {
        wipe();
        m_text = other.m_text;
    }
    return *this;
}

Secret& Secret::operator=(Secret&& other) noexcept {
    if (this != &other) {
        wipe();
        m_text.swap(other.m_text);
        other.wipe();
    }
    return *this;
}

Secret::~Secret() { wipe(); }

bool Secret::equals(const Secret& other) const {
    return m_text.size() == other.m_text.size() &&
           CRYPTO_memcmp(m_text.data(), other.m_text.data(), m_text.size()) == 0;
}

void Secret::wipe() {
    m_text.resize(m_text.capacity());
    OPENSSL_cleanse(m_text.data(), m_text.size());
    m_text.clear();
}

} // namespace clawloops
