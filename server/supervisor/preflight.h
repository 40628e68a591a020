// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/clock.h"
#include "base/settings.h"
#include "supervisor/places.h"
#include "supervisor/refusal.h"

#include <optional>
#include <set>
#include <string>
#include <vector>

namespace clawloops::supervisor {

// What can be known to be wrong before anything is started; the first refusal wins. `survivors` are components whose ports are
// rightly taken. Reads files, tries ports (a real start then binds the session check's for good, before anything else starts:
// CheckPort), changes nothing but the memo of checked files. Blocks, for seconds where large
// files have to be read for the first time.
[[nodiscard]] std::optional<Refusal> preflight(const Settings& settings, const Places& places, const std::vector<ComponentSpec>& specs,
                                               const std::set<std::string>& survivors, const Clock& clock);

[[nodiscard]] std::optional<Refusal> checkClock(const Clock& clock);
[[nodiscard]] std::optional<Refusal> checkDisk(const std::filesystem::path& data, std::int64_t leastGiB);
[[nodiscard]] std::optional<Refusal> checkCluster(const Places& places);
[[nodiscard]] std::optional<Refusal> checkPorts(const Settings& settings, const std::set<std::string>& survivors);
[[nodiscard]] std::optional<Refusal> checkPrograms(const std::vector<ComponentSpec>& specs);
[[nodiscard]] std::optional<Refusal> checkCertificate(const Settings& settings, const Clock& clock);
// <components>/components.sha256: "<hex>  <bytes>  <relative path>" lines. A file whose size and time are those of the last good
// check (`memo`) is not read again.
[[nodiscard]] std::optional<Refusal> checkComponents(const std::filesystem::path& components, const std::filesystem::path& memo);

} // namespace clawloops::supervisor
