// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/caller_token.h"

#include "base/digest.h"

namespace clawloops::gateway {

std::optional<Sha256> tokenHashOf(const stream::Fields& fields) {
    constexpr std::string_view scheme = "bearer ";
    std::string_view token;
    if (fields.has("authorization")) {
        const std::string_view value = fields.get("authorization");
        if (fields.count("authorization") != 1 || value.size() <= scheme.size() ||
            !stream::equalNoCase(value.substr(0, scheme.size()), scheme))
            return std::nullopt;
        token = value.substr(scheme.size());
    } else if (fields.count("x-api-key") == 1) {
        token = fields.get("x-api-key");
    }
    if (token.empty())
        return std::nullopt;
    return sha256(token);
}

bool carriesTokenOf(const model::Caller& cell, const stream::Fields& fields) {
    const auto hash = tokenHashOf(fields);
    return hash && equalInConstantTime(asBytes(*hash), asBytes(cell.tokenHash));
}

} // namespace clawloops::gateway
