// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
// A grant as text that nobody signed, and, so that what lies behind the signature is reached too, as claims that somebody did.
#include "fuzz.h"

#include "base/digest.h"
#include "wire/grant.h"

#include <string>

namespace clawloops::fuzz {

void take(std::string_view input) {
    const Secret key(std::string(32, 'k'));
    const WallTime now = fromUnixSeconds(1'800'000'000);
    require(!verifyGrant(input, key, now), "nobody guesses a signature");

    const std::string claims = "v1." + base64UrlEncode(input);
    const std::string text = claims + '.' + base64UrlEncode(asBytes(hmacSha256(key.reveal(), claims)));
    const auto grant = verifyGrant(text, key, now);
    require(!verifyGrant(text, Secret(std::string(32, 'o')), now), "another key opens nothing");
    if (!grant)
        return;
    require(grant->expires > now && grant->sessionExpires > now, "nothing that has expired");
    require(grant->expires <= now + grantLifetime + std::chrono::seconds(1), "nothing that lives long");
    const auto again = verifyGrant(signGrant(*grant, key), key, now);
    require(again && again->cell == grant->cell && again->user == grant->user && again->prefix == grant->prefix
                && again->host == grant->host && again->session == grant->session,
            "what was read is what is signed");
}

} // namespace clawloops::fuzz
