// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "api/parts.h"

#include <functional>

namespace clawloops::api {

// Reads "kind" (cookie | bearer, default cookie) from a sign-in's body.
[[nodiscard]] bool wantsBearer(ObjectReader& reader);
// A user's text with a length limit in bytes; says which member is too long or empty.
[[nodiscard]] std::string boundedText(ObjectReader& reader, std::string_view name, std::size_t longest);
[[nodiscard]] identity::SignInContext signInContext(const Call& call, bool bearer);
// {user, token, expiresAt}; for the kind cookie both origins' cookies and no token.
[[nodiscard]] std::function<void(Result<identity::SignedIn>)> answeringSignIn(CallPtr call, int status, const Clock& clock);

} // namespace clawloops::api
