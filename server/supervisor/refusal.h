// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"

#include <string>

namespace clawloops::supervisor {

// Why the appliance does not start: an exit code of internals.md and one sentence with the cause and what to do.
struct Refusal {
    int exitCode = 1;
    std::string sentence;
};

inline constexpr int wrongSettings = 64, somethingMissing = 69, machineRefuses = 71, notOurs = 73, otherVersion = 76;

[[nodiscard]] inline Refusal refusalFor(const Error& error) {
    switch (error.code) {
    case ErrorCode::InvalidRequest: return {wrongSettings, error.message};
    case ErrorCode::Unavailable: return {somethingMissing, error.message};
    case ErrorCode::RuntimeActionConflict: return {notOurs, error.message};
    default: return {machineRefuses, error.message};
    }
}

} // namespace clawloops::supervisor
