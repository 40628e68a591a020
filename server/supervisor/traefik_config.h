// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/settings.h"
#include "supervisor/places.h"

#include <string>
#include <string_view>

namespace clawloops::supervisor {

// A route of the portal that Traefik answers itself (418) and does not log: the health probe's.
inline constexpr std::string_view entryProbePath = "/.clawloops-entry";

// Traefik's two files, written as JSON, which every YAML reader takes. Pure. The static one has the two entry points and the
// access log, the dynamic one the routes: nothing in either depends on a runtime.
[[nodiscard]] std::string traefikStatic(const Settings& settings, const Places& places);
[[nodiscard]] std::string traefikDynamic(const Settings& settings, const Places& places);

} // namespace clawloops::supervisor
