// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "base/secret.h"

#include <string>
#include <string_view>

namespace clawloops::identity {

// NIST SP 800-63B-4 for a password that is the only factor: 15 characters or more, no rules on their kinds, nothing that is
// known to be common. Characters are Unicode code points after NFKC.
inline constexpr int shortestPassword = 15;
inline constexpr int longestPassword = 256;

// NFKC, as every password is hashed.
[[nodiscard]] Secret normalisedPassword(const Secret& password);

// Refuses, with a sentence that says what to do: too short, too long, on the list of common passwords (also with digits or
// punctuation around or repeated), one character or a run repeated, or made of the username. `code` is the error's code:
// PasswordChangeInvalid or InvitationPasswordInvalid.
[[nodiscard]] Status checkPassword(const Secret& password, std::string_view username, ErrorCode code);

} // namespace clawloops::identity
