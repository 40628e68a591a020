// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "supervisor/process_facts.h"

#include <filesystem>
#include <map>
#include <string>

namespace clawloops::supervisor {

// $DATA/state/supervisor.json: which processes are ours, for a supervisor that comes after this one.
struct RecordedProcess {
    ProcessIdentity identity; // pid 0: about to be started; only the nonce is known
    std::string digest; // ComponentSpec::digest()
    int restarts = 0;
};
using RecordedProcesses = std::map<std::string, RecordedProcess>; // by component name

[[nodiscard]] Status saveProcesses(const std::filesystem::path& file, const RecordedProcesses& processes);
// Those that still run. A file of an earlier boot counts as empty, and so does a damaged one, with a warning. A process that
// was written down before its start is looked for by its nonce.
[[nodiscard]] RecordedProcesses loadSurvivors(const std::filesystem::path& file);

} // namespace clawloops::supervisor
