// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/settings.h"
#include "supervisor/component_spec.h"
#include "supervisor/places.h"
#include "supervisor/trust_files.h"

#include <vector>

namespace clawloops::supervisor {

// Everything the appliance consists of, in start order (internals.md). Pure: the same settings and places give the same
// specs. A component that is switched off is left out; one that runs elsewhere is `external`.
[[nodiscard]] std::vector<ComponentSpec> componentSpecs(const Settings& settings, const Places& places, const TrustFacts& trust);

// One a kind, for the above.
[[nodiscard]] ComponentSpec postgresSpec(const Settings& settings, const Places& places);
[[nodiscard]] ComponentSpec starterModelSpec(const Settings& settings, const Places& places);
[[nodiscard]] ComponentSpec liteLlmSpec(const Settings& settings, const Places& places);
[[nodiscard]] ComponentSpec runtimedSpec(const Settings& settings, const Places& places);
[[nodiscard]] ComponentSpec relaySpec(const Settings& settings, const Places& places, const TrustFacts& trust);
[[nodiscard]] ComponentSpec gatewaySpec(const Settings& settings, const Places& places, const TrustFacts& trust);
[[nodiscard]] ComponentSpec controlPlaneSpec(const Settings& settings, const Places& places, const TrustFacts& trust);
[[nodiscard]] ComponentSpec traefikSpec(const Settings& settings, const Places& places, const TrustFacts& trust);

// What all have in common.
[[nodiscard]] ComponentSpec plainSpec(std::string name, std::string title, const Account& account, const Places& places);

} // namespace clawloops::supervisor
