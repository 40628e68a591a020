// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "wire/grant.h"

#include "base/digest.h"
#include "base/json.h"

namespace clawloops {

namespace {
constexpr std::string_view version = "v1.";
constexpr std::size_t longest = 4096;

Error refused(std::string why) {
    return Error{ErrorCode::AccessDenied, "This request did not come through the session check.", std::move(why)};
}
}

std::string signGrant(const Grant& grant, const Secret& key) {
    const json::object claims{{"cell", grant.cell},
                              {"user", grant.user},
                              {"scopes", grant.scopes},
                              {"session", grant.session},
                              {"host", grant.host},
                              {"prefix", grant.prefix},
                              {"sessionExpires", toUnixSeconds(grant.sessionExpires)},
                              {"expires", toUnixSeconds(grant.expires)},
                              {"rid", grant.rid}};
    std::string text(version);
    text += base64UrlEncode(json::serialize(claims));
    const std::string signature = base64UrlEncode(asBytes(hmacSha256(key.reveal(), text)));
    return text + '.' + signature;
}

Result<Grant> verifyGrant(std::string_view text, const Secret& key, WallTime now) {
    if (key.empty())
        return refused("no grant key");
    if (text.size() > longest || !text.starts_with(version))
        return refused("not a grant");
    const std::size_t dot = text.rfind('.');
    if (dot < version.size())
        return refused("no signature");
    const auto signature = base64UrlDecode(text.substr(dot + 1));
    const std::string_view signedPart = text.substr(0, dot);
    if (!signature || !equalInConstantTime(*signature, asBytes(hmacSha256(key.reveal(), signedPart))))
        return refused("wrong signature");
    const auto claimsText = base64UrlDecode(signedPart.substr(version.size()));
    if (!claimsText)
        return refused("claims are not base64url");
    const auto claims = parseObject(*claimsText);
    if (!claims)
        return refused("claims are not JSON");
    ObjectReader reader(*claims, "grant");
    Grant grant;
    grant.cell = reader.text("cell");
    grant.user = reader.text("user");
    grant.scopes = reader.text("scopes");
    grant.session = reader.text("session");
    grant.host = reader.text("host");
    grant.prefix = reader.text("prefix");
    grant.sessionExpires = fromUnixSeconds(reader.integer("sessionExpires"));
    grant.expires = fromUnixSeconds(reader.integer("expires"));
    grant.rid = reader.text("rid");
    if (const Status status = reader.finish(); !status)
        return refused(status.error().message);
    if (grant.expires <= now || grant.expires > now + grantLifetime + std::chrono::seconds(1))
        return refused("expired or too long");
    if (grant.sessionExpires <= now)
        return refused("session expired");
    return grant;
}

} // namespace clawloops
