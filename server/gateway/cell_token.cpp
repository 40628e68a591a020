// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/cell_token.h"

#include "base/digest.h"

namespace clawloops::gateway {

bool carriesTokenOf(const model::CellAccess& cell, const stream::Fields& fields) {
    constexpr std::string_view scheme = "bearer ";
    std::string_view token;
    if (fields.has("authorization")) {
        const std::string_view value = fields.get("authorization");
        if (fields.count("authorization") != 1 || value.size() <= scheme.size() ||
            !stream::equalNoCase(value.substr(0, scheme.size()), scheme))
            return false;
        token = value.substr(scheme.size());
    } else if (fields.count("x-api-key") == 1) {
        token = fields.get("x-api-key");
    }
    if (token.empty())
        return false;
    const Sha256 hash = sha256(token);
    return equalInConstantTime(asBytes(hash), asBytes(cell.tokenHash));
}

} // namespace clawloops::gateway
