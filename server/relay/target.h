// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>

namespace clawloops::relay {

// What a request target must be before anything is done with it: origin form, printable ASCII, well-formed percent-encoding,
// and a path that every reader takes for the same one: no empty, "." or ".." segment, no encoded slash, backslash, dot or NUL,
// not even encoded twice, no fragment. Empty when it is fine, else why not (for a log).
[[nodiscard]] std::string_view whyTargetRefused(std::string_view target);
// The target lies beneath the prefix "/w/<username>/", literally, or is it without its last slash. Only for a target that was not refused.
[[nodiscard]] bool targetBeneath(std::string_view target, std::string_view prefix);
// "/w/<username>/" with a username as internals.md has it.
[[nodiscard]] bool isWorkspacePrefix(std::string_view prefix);
[[nodiscard]] bool isCellId(std::string_view text); // "c" and 12 lower-case hex digits

} // namespace clawloops::relay
