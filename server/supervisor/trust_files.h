// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/clock.h"
#include "base/result.h"
#include "supervisor/places.h"

#include <string>

namespace clawloops::supervisor {

struct TrustFacts {
    std::string internal; // digest of the internal certificates: who holds other ones must be restarted
    std::string lan; // the same of the LAN's
    std::string grantKey; // digest of the grant key
};

// Makes what is missing beneath pki/ and secrets/ (internals.md) and renews the LAN's leaf when fewer than 30 days are left or
// when its names are no longer this machine's. The two internal authorities sign their leaves and their keys are then
// dropped, never written: nobody can add a leaf to them. Directories must exist. Blocks for some milliseconds.
[[nodiscard]] Result<TrustFacts> ensureTrustFiles(const Places& places, const Clock& clock);

// A fresh master key for LiteLLM, one a boot; `keep` leaves the present one for a survivor that has read it.
[[nodiscard]] Status ensureLiteLlmKey(const Places& places, bool keep);

} // namespace clawloops::supervisor
