// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"

#include <filesystem>
#include <string>
#include <string_view>
#include <sys/types.h>

namespace clawloops {

// Whole small files (≤ 64 MiB). Errors carry the path and the system's reason.
[[nodiscard]] Result<std::string> readFile(const std::filesystem::path& path);
// Written beside, synced, renamed over: a reader sees the old or the new text, a crash leaves one of them.
[[nodiscard]] Status writeFileAtomically(const std::filesystem::path& path, std::string_view text, mode_t mode);
[[nodiscard]] std::string systemReason(int errorNumber); // "Permission denied"

} // namespace clawloops
